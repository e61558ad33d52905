"""What do our mails look like? Every style, by name. Pure.

Mail programs drop style sheets, so that each element carries its own; they load nothing from elsewhere, so
that fonts are those that people have. The class beside the style serves the development mailbox, whose
security policy allows no style on elements.
"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

FONT: Final = "font-family:'Helvetica Neue',Helvetica,Arial,sans-serif"
INK: Final = "#2b2420"

LOOK: Final = {
    "page": f"margin:0;padding:0;background:#f6f1e7;color:{INK};{FONT}",
    "outside": "padding:24px 12px",
    "card": "width:100%;max-width:600px;background:#ffffff;border:1px solid #e4dccb;border-radius:8px",
    "brand": f"padding:24px 32px 0;{FONT};font-size:15px;font-weight:bold;color:#8a3b12",
    "body": f"padding:8px 32px 32px;{FONT};font-size:16px;line-height:24px;color:{INK}",
    "title": f"margin:12px 0 16px;{FONT};font-size:24px;line-height:30px;font-weight:bold;color:{INK}",
    "heading": f"margin:28px 0 8px;{FONT};font-size:17px;line-height:24px;font-weight:bold;color:{INK}",
    "text": f"margin:0 0 16px;{FONT};font-size:16px;line-height:24px",
    "note": f"margin:8px 0 16px;padding:12px 16px;background:#f6f1e7;{FONT};font-size:16px;line-height:24px;"
    "white-space:pre-line",
    "muted": f"{FONT};font-size:13px;line-height:20px;color:#6b6058",
    # A link with its token is longer than a phone is wide.
    "address": f"{FONT};font-size:13px;line-height:20px;color:#6b6058;word-break:break-all",
    "table": "width:100%;border-collapse:collapse",
    "cell": f"padding:8px 0;border-top:1px solid #e4dccb;{FONT};font-size:15px;line-height:22px;"
    "vertical-align:top;text-align:left",
    "amount": f"padding:8px 0 8px 16px;border-top:1px solid #e4dccb;{FONT};font-size:15px;line-height:22px;"
    "vertical-align:top;text-align:right;white-space:nowrap",
    "total": f"padding:8px 0;border-top:2px solid {INK};{FONT};font-size:16px;line-height:24px;"
    "font-weight:bold;text-align:left",
    "total-amount": f"padding:8px 0 8px 16px;border-top:2px solid {INK};{FONT};font-size:16px;"
    "line-height:24px;font-weight:bold;text-align:right;white-space:nowrap",
    "button": "display:inline-block;padding:12px 22px;background:#8a3b12;border-radius:6px;color:#ffffff;"
    f"{FONT};font-size:16px;line-height:24px;font-weight:bold;text-decoration:none",
    "below": "width:100%;max-width:600px",
    "foot": f"padding:16px 32px;{FONT};font-size:13px;line-height:20px;color:#6b6058",
}


def look(name: str) -> Markup:
    """The attributes that make an element look like `name`. Raises KeyError for a name that is not there."""
    return Markup('class="look-{}" style="{}"').format(name, LOOK[name])


def look_sheet() -> str:
    """The same as a style sheet, for the development mailbox."""
    return "\n".join(f".look-{name} {{{style}}}" for name, style in LOOK.items())
