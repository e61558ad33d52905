"""How is a kept mail shown, and which links does it carry? Pure."""

from __future__ import annotations

import html
import re

from pasar.delivery.notifications.look import look_sheet

SHEET_PATH = "/dev/mail.css"
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
# Only tags hold bare quotes here: in texts the template engine writes them as &#34;.
_STYLE = re.compile(r' style="[^"]*"')
_FRAME = """\
iframe.mail-frame {width:100%;min-height:75vh;border:1px solid;background:#ffffff}
.mail-text {white-space:pre-wrap;overflow-wrap:anywhere}
"""


def links_of(document: str) -> list[str]:
    """Where the mail leads, in order."""
    return [html.unescape(address) for address in _LINK.findall(document)]


def framed(document: str) -> str:
    """The mail's HTML for a frame under our security policy: its styles come by their classes, from a sheet
    of ours, and its links open beside."""
    head = f'<link rel="stylesheet" href="{SHEET_PATH}"><base target="_blank">'
    return _STYLE.sub("", document).replace("</head>", head + "</head>", 1)


def mailbox_sheet() -> str:
    """The style sheet of the mailbox and of the mails in it."""
    return _FRAME + look_sheet()
