"""Which HTML may a product's description hold, and how does it read as plain text?"""

import html
import re
from typing import Final

import nh3

ALLOWED_TAGS: Final = frozenset(
    {
        *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "blockquote", "pre", "code"),
        *("strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "a", "img", "figure", "figcaption"),
        *("ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)

_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}

# Their content is never text for a reader: it goes with the tag.
_DROPPED_WITH_CONTENT: Final = {"script", "style", "noscript", "template", "iframe", "object", "title"}

_BLOCK_END = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|caption|blockquote|pre|figcaption))\b[^>]*>",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_BARE_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        # An insecure picture would be blocked or would mark the shop's page as insecure.
        return value if value.strip().lower().startswith("https://") else None
    return value


_cleaner = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener",
    strip_comments=True,
)
_stripper = nh3.Cleaner(
    tags=set(), attributes={}, clean_content_tags=_DROPPED_WITH_CONTENT, link_rel=None, strip_comments=True
)


def clean_html(text: str) -> str:
    """Return `text` as safe HTML by the shop's allow-list.

    Kept are headings (h2-h6), paragraphs, lists, tables, links to http, https and mailto with
    `rel="nofollow noopener"`, and pictures over https. No style, class, id or event handler survives;
    links are absolute, since a description is shown on more than one host.
    """
    if "<" not in text and "&" not in text:
        return text.replace(">", "&gt;")
    cleaned = _cleaner.clean(text)
    return _BARE_IMAGE.sub("", cleaned) if "<img" in cleaned else cleaned


def plain_text(text: str) -> str:
    """Return the words that a reader of this HTML sees, on one line with single spaces."""
    if "<" in text:
        text = _stripper.clean(_BLOCK_END.sub(" \\g<0>", text))
    return _SPACE.sub(" ", html.unescape(text)).strip()


def excerpt(text: str, length: int = 160) -> str:
    """Return at most `length` characters of plain `text`, cut between words and ended by an ellipsis."""
    text = _SPACE.sub(" ", text).strip()
    if len(text) <= length:
        return text
    head = text[: length - 1]
    if not text[length - 1].isspace() and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:.-–—") + "…"
