"""Colleagues who are invited hear of it by mail. The link's secret is made as the mail leaves."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.account_page import account_page
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, register_kind
from pasar.delivery.notifications.rendering import write_mail
from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.people.access.events import StaffInvited
from pasar.people.access.public import NAMES, invitation_of, mint_invitation

__all__ = ["STAFF_MAIL_SUBSCRIBERS"]

INVITED: Final = "staff.invited"
_SUBJECT: Final = N_("Work with {shop}")


async def _write(runtime: Runtime, message: Waiting) -> Written:
    """Who invites to what, and the link; a try that failed leaves a link that never works."""
    site = await runtime.sites.of_company(message.company_id)
    if site is None:
        raise NothingToSay("The shop is gone.")
    page = await account_page(runtime, site, message.locale)
    if not page.base_url:
        raise NothingToSay(
            "The shop has no address of its own to link to: give its site a host, "
            "which counts a day after it was given, or set PASAR_PUBLIC_URL."
        )
    async with runtime.database.transaction() as session:
        minted = await mint_invitation(
            session, message.company_id, UUID(message.given["invitationId"]), runtime.clock.now()
        )
    if minted is None:
        raise NothingToSay("The invitation was accepted or taken back.")
    invited, token = minted
    words = translator(page.locale)
    name = invited.grant.name
    return write_mail(
        "delivery/notifications/mail/staff_invited",
        page,
        words.gettext(_SUBJECT, shop=site.company_name),
        shop=site.company_name,
        inviter=invited.inviter,
        role=words.gettext(NAMES[name]) if invited.grant.custom_role_id is None else name,
        link=page.link(f"/invitations/{token}"),
        until=invited.expires_at,
    )


async def _tell_invited(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue the mail, one for each time that it was asked for."""
    invitation_id = UUID(fact.data["invitationId"])
    now = runtime.clock.now()
    invitation = await invitation_of(session, fact.company_id, invitation_id, now)
    if invitation is None or invitation.state != "open":
        return
    await notify(
        session,
        fact.company_id,
        kind=INVITED,
        recipient=invitation.email,
        locale=invitation.locale,
        dedupe_key=f"{INVITED}:{fact.id}",
        given={"invitationId": str(invitation_id)},
        related=f"invitation:{invitation_id}",
        at=now,
    )


register_kind(MessageKind(INVITED, _write))
STAFF_MAIL_SUBSCRIBERS = (Subscriber("staff.mail", (StaffInvited.type,), _tell_invited),)
