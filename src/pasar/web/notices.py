"""What does a page say once, after something happened? A code in the address, a message here.

A redirect carries `?notice=added`; only registered codes speak, so that nobody can put words of
their own on our pages by a link.
"""

from __future__ import annotations

from pasar.kernel.i18n import N_, translator
from pasar.web.page import Notice, NoticeKind

PARAMETER = "notice"

_notices: dict[str, tuple[NoticeKind, str]] = {
    "signed-in": ("success", N_("You are signed in.")),
    "signed-out": ("success", N_("You are signed out.")),
    "saved": ("success", N_("Saved.")),
}


def register_notice(code: str, kind: NoticeKind, text: str) -> None:
    """Let pages say `text` (marked with `N_`) for `?notice=code`."""
    _notices[code] = (kind, text)


def notice_for(code: str | None, locale: str) -> Notice | None:
    """The notice that `code` stands for, in the page's language."""
    if code is None or code not in _notices:
        return None
    kind, text = _notices[code]
    return Notice(kind, translator(locale).gettext(text))
