"""The page behind "unsubscribe": one that asks, and the one click of RFC 8058 that mail programs make."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.delivery.notifications.actions.unsubscribe import unsubscribe
from pasar.delivery.notifications.unsubscribing import message_of, recipient_of
from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import page, shopper
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.web.answering import page_response

__all__ = ["UNSUBSCRIBE_PAGES"]

AnyRequest = Request[Any, Any, Any]
PAGE = "delivery/notifications/unsubscribe.html"


@get("/unsubscribe/{token:str}", guards=[page], include_in_schema=False)
async def ask(request: AnyRequest, context: Context, runtime: Runtime, token: str) -> Response[bytes]:
    """Ask first: programs that look at the links of a mail end nothing by it."""
    await _reader(runtime, context, token)
    return await page_response(request, PAGE, token=token, done=False)


@post("/unsubscribe/{token:str}", status_code=200, guards=[shopper], include_in_schema=False)
async def end(request: AnyRequest, context: Context, runtime: Runtime, token: str) -> Response[bytes]:
    """End the company's marketing to this reader. The signed token is what a form's token is elsewhere: mail
    programs post here by themselves, without a cookie."""
    message_id, channel, recipient = await _reader(runtime, context, token)
    async with runtime.database.transaction() as session:
        await unsubscribe(
            session,
            context.company_id,
            channel=channel,
            recipient=recipient,
            message_id=message_id,
            at=runtime.clock.now(),
        )
    return await page_response(request, PAGE, token=token, done=True)


UNSUBSCRIBE_PAGES = (ask, end)


async def _reader(runtime: Runtime, context: Context, token: str) -> tuple[UUID, str, str]:
    """The message, and over which channel to whom it went. Raises `NotFound`."""
    named = message_of(runtime, token)
    if named is not None and named[0] == context.company_id:
        found = await recipient_of(runtime.database, *named)
        if found is not None:
            return named[1], *found
    raise NotFound("link_unknown", "This link is not one of ours. Open it once more from the mail.")
