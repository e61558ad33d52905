"""The development mailbox, for people and for tests. There is none in production."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from pasar.delivery.notifications.previewing import SHEET_PATH, framed, links_of, mailbox_sheet
from pasar.delivery.notifications.queries import KeptMail, outbox, outbox_mail
from pasar.delivery.notifications.schemas import MailboxView, MailView
from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.web.answering import page_response

__all__ = ["MAILBOX_PAGES"]

AnyRequest = Request[Any, Any, Any]
SHOWN = 100


@get("/dev/mail", guards=[page], include_in_schema=False)
async def show_mailbox(
    request: AnyRequest, context: Context, runtime: Runtime, to: str | None = None
) -> Response[bytes]:
    """The company's mails, newest first; JSON for programs that ask for it."""
    _refuse_in_production(runtime)
    to = (to or "").replace("\0", "").strip() or None
    mails = await outbox(runtime.database, context.company_id, to=to, limit=SHOWN)
    if "application/json" in request.headers.get("accept", ""):
        body = msgspec.json.encode(MailboxView([_view(mail) for mail in mails]))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
    return await page_response(request, "delivery/notifications/mailbox.html", mails=mails, to=to or "")


@get("/dev/mail/{mail_id:uuid}", guards=[page], include_in_schema=False)
async def show_mail(
    request: AnyRequest, context: Context, runtime: Runtime, mail_id: UUID
) -> Response[bytes]:
    """One mail as its reader sees it, and as text."""
    _refuse_in_production(runtime)
    mail = await outbox_mail(runtime.database, context.company_id, mail_id)
    if mail is None:
        raise _nothing_here()
    return await page_response(
        request,
        "delivery/notifications/mailbox_mail.html",
        mail=mail,
        document=framed(mail.html) if mail.html else "",
        sheet=SHEET_PATH,
    )


@get(SHEET_PATH, guards=[page], include_in_schema=False)
async def show_sheet(runtime: Runtime) -> Response[bytes]:
    """How mails look, as a style sheet: the security policy takes no style on elements."""
    _refuse_in_production(runtime)
    return Response(mailbox_sheet().encode(), media_type="text/css")


MAILBOX_PAGES = (show_mailbox, show_mail, show_sheet)


def _view(mail: KeptMail) -> MailView:
    return MailView(
        id=mail.id,
        to=mail.recipient,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        links=links_of(mail.html),
        at=mail.at,
    )


def _refuse_in_production(runtime: Runtime) -> None:
    if runtime.settings.production:
        raise _nothing_here()


def _nothing_here() -> NotFound:
    return NotFound("not_found", "There is nothing at this address.")
