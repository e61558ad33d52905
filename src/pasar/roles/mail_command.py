"""`pasar mail resend`: messages that failed for good are tried again."""

from __future__ import annotations

from rich.console import Console

from pasar.delivery.notifications.actions.resend_failed import NOTHING_YET, resend_failed
from pasar.kernel.config import Settings
from pasar.roles.attaching import runtime_for_command

AT_ONCE = 500


async def run_mail_resend(settings: Settings, console: Console, *, kind: str | None) -> int:
    """Queue every failed message again, or those of one kind, telling how far it is; answers how many.

    A few hundred at a time, each lot a transaction: it may be stopped and begun again at any moment.
    """
    queued, after = 0, NOTHING_YET
    async with runtime_for_command(settings) as runtime:
        while True:
            async with runtime.database.transaction() as session:
                lot = await resend_failed(session, kind=kind, after=after, most=AT_ONCE)
            if not lot:
                break
            queued, after = queued + len(lot), lot[-1]
            console.print(f"{queued} messages are queued again …")
    console.print(f"{queued} messages are tried again now." if queued else "No message has failed.")
    return queued
