"""People hear by mail that the second factors of their account changed: whoever did not do it should know."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.account_page import account_page
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, register_kind
from pasar.delivery.notifications.rendering import write_mail
from pasar.kernel.errors import NotFound
from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.events import FactorChange, SecondFactorChanged
from pasar.people.users.public import own_profile

__all__ = ["FACTOR_MAIL_SUBSCRIBERS"]

KIND: Final = "account.second_factor_changed"
_SUBJECT: Final = N_("The protection of your account at {shop} changed")
_OPENINGS: Final[dict[FactorChange, str]] = {
    "totp_added": N_("An authenticator app now protects your account: its code is asked for at sign-in."),
    "totp_removed": N_("The authenticator app was turned off: its code is no longer asked for at sign-in."),
    "passkey_added": N_("A passkey was added to your account: whoever has it can sign in."),
    "passkey_removed": N_("A passkey was removed from your account."),
    "recovery_codes_made": N_("New recovery codes were made for your account; those before them are void."),
    "recovery_code_used": N_("One of your recovery codes was used. It does not work a second time."),
}
_CLOSING: Final = N_("If it was you, there is nothing to do. If not, change your password at once.")


async def _write(runtime: Runtime, message: Waiting) -> Written:
    site = await runtime.sites.of_company(message.company_id)
    if site is None:
        raise NothingToSay("The shop is gone.")
    page = await account_page(runtime, site, message.locale)
    speak = translator(page.locale).gettext
    opening = next(words for change, words in _OPENINGS.items() if change == message.given["change"])
    link = page.link("/account/security")
    return write_mail(
        "delivery/notifications/mail/account",
        page,
        speak(_SUBJECT, shop=page.site_name),
        opening=speak(opening),
        label=speak("See how my account is protected") if link else "",
        link=link,
        closing=speak(_CLOSING),
    )


async def _tell_person(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue the mail, once for each change; none for accounts that are gone or have no e-mail."""
    user_id = UUID(fact.data["userId"])
    try:
        profile = await own_profile(runtime.database, user_id)
    except NotFound:
        return
    if not profile.email:
        return
    site = await runtime.sites.of_company(fact.company_id)
    await notify(
        session,
        fact.company_id,
        kind=KIND,
        recipient=profile.email,
        locale=profile.locale or (site.locale if site else "en"),
        dedupe_key=f"{KIND}:{fact.id}",
        given={"change": fact.data["change"]},
        related=f"user:{user_id}",
        at=runtime.clock.now(),
    )


register_kind(MessageKind(KIND, _write))
FACTOR_MAIL_SUBSCRIBERS = (
    Subscriber("notifications.second_factor", (SecondFactorChanged.type,), _tell_person),
)
