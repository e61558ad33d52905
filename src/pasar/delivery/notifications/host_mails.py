"""All owners of a company hear by mail of a site's new host: a day before links in mails lead there."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.account_page import account_page
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, register_kind
from pasar.delivery.notifications.rendering import write_mail
from pasar.kernel.db.database import fetch
from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.people.companies.events import HostChanged
from pasar.people.companies.public import site_by_id

__all__ = ["HOST_MAIL_SUBSCRIBERS"]

KIND: Final = "site.host_changed"
OWNERS: Final = """
SELECT u.user_id, u.email, coalesce(u.locale, '') AS locale
  FROM company_roles r JOIN user_accounts u ON u.user_id = r.user_id
 WHERE r.company_id = $1 AND r.role = 'owner' AND u.is_active AND u.email IS NOT NULL
 ORDER BY u.user_id
"""
_SUBJECT: Final = N_("The address of {shop} was changed")
_GIVEN: Final = N_("The site {shop} now answers at {host}.")
_TAKEN: Final = N_("The site {shop} no longer has a host of its own.")
_CLOSING: Final = N_(
    "If nobody of you did this, change it back at once and see in the audit log who did: from tomorrow on, "
    "links in mails about accounts lead there."
)


async def _write(runtime: Runtime, message: Waiting) -> Written:
    """The host as it is when the mail leaves."""
    site = await site_by_id(runtime.database, message.company_id, UUID(message.given["siteId"]))
    if site is None:
        raise NothingToSay("The site was closed since.")
    page = await account_page(runtime, site, message.locale)
    speak = translator(page.locale).gettext
    opening = speak(_GIVEN, shop=site.name, host=site.host) if site.host else speak(_TAKEN, shop=site.name)
    link = page.link("/admin/sites")
    return write_mail(
        "delivery/notifications/mail/account",
        page,
        speak(_SUBJECT, shop=site.name),
        opening=opening,
        label=speak(N_("See the sites")) if link else "",
        link=link,
        closing=speak(_CLOSING),
    )


async def _tell_owners(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue a mail for each owner, once for each change."""
    site = await runtime.sites.of_company(fact.company_id)
    for user_id, email, locale in await fetch(session, OWNERS, (fact.company_id,)):
        await notify(
            session,
            fact.company_id,
            kind=KIND,
            recipient=email,
            locale=locale or (site.locale if site else "en"),
            dedupe_key=f"{KIND}:{fact.id}:{user_id}",
            given={"siteId": fact.data["siteId"]},
            related=f"user:{user_id}",
            at=runtime.clock.now(),
        )


register_kind(MessageKind(KIND, _write))
HOST_MAIL_SUBSCRIBERS = (Subscriber("notifications.hosts", (HostChanged.type,), _tell_owners),)
