"""Which HTML of a description survives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.shop.catalog.cleaning import clean_html, excerpt, plain_text


@pytest.mark.parametrize(
    ("given_html", "cleaned"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("5 > 3", "5 &gt; 3"),
        ('<p class="x" style="color:red" id="y" onclick="z()">Hi</p>', "<p>Hi</p>"),
        ("<h1>Big</h1><h2>Less</h2>", "Big<h2>Less</h2>"),
        ("<script>alert(1)</script><style>p{}</style><p>ok</p>", "<p>ok</p>"),
        (
            '<a href="https://x.example/" target="_blank">x</a>',
            '<a href="https://x.example/" rel="nofollow noopener">x</a>',
        ),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="nofollow noopener">x</a>'),
        ('<a href="JaVa\tscript:alert(1)">x</a>', '<a rel="nofollow noopener">x</a>'),
        (
            '<img src="https://x.example/a.jpg" alt="A" onerror="x()">',
            '<img src="https://x.example/a.jpg" alt="A">',
        ),
        ('<img src="http://x.example/a.jpg" alt="A">', ""),
        ('<img src="data:image/png;base64,AA==">', ""),
        ("<p>open <b>bold", "<p>open <b>bold</b></p>"),
        ("<!-- secret --><table><tr><td colspan=2>1</td></tr></table>", None),
        ('<iframe src="https://x.example"></iframe><object></object>', ""),
        ('<svg><a xlink:href="javascript:alert(1)">x</a></svg>', None),
    ],
)
def test_clean_html(given_html: str, cleaned: str | None) -> None:
    result = clean_html(given_html)
    if cleaned is not None:
        assert result == cleaned
    assert "secret" not in result
    assert "javascript" not in result
    assert "<svg" not in result


@given(st.text(alphabet="<>/=\"' aimgsrchtps:onxyd&;-!", max_size=80))
def test_cleaning_twice_changes_nothing_and_leaves_no_handler(text: str) -> None:
    once = clean_html(text)
    assert clean_html(once) == once
    for forbidden in ("<script", "<iframe", "<style", "<svg"):
        assert forbidden not in once.lower()


def test_plain_text_reads_as_the_page_does() -> None:
    body = (
        '<p class="p1">This 14x15mm&nbsp;wrench &amp; <b>more</b>ware.</p>\n<ul><li>One</li><li>Two</li></ul>'
        "<script>var hidden</script><table><tr><td>A</td><td>B</td></tr></table>x<br>y"
    )
    assert plain_text(body) == "This 14x15mm wrench & moreware. One Two A B x y"
    assert plain_text("a &lt;b&gt; c") == "a <b> c"
    assert plain_text("  just \n text ") == "just text"


def test_excerpt_ends_between_words() -> None:
    assert excerpt("short") == "short"
    assert excerpt("one two three", 9) == "one two…"
    assert excerpt("one two, three", 10) == "one two…"
    assert excerpt("x" * 300) == "x" * 159 + "…"
    assert len(excerpt("word " * 100)) <= 160
