"""People hear by mail of sign-ins from devices not seen before, providers, and guesses.

News, not proofs: they carry no secret, and go to the account's e-mail as it is when they are queued.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from pasar.people.sign_in.events import ProvingLocked, SignedInElsewhere, SignInWayChanged

__all__ = ["NEWS_SUBSCRIBERS"]

KIND: Final = "account.news"
RECIPIENT: Final = """
SELECT email, coalesce(locale, '') AS locale FROM user_accounts
 WHERE user_id = $1 AND is_active AND email IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _News:
    """English message ids: what the mail is about, and what happened."""

    subject: str
    text: str


_WAY: Final = N_("How you sign in to {shop} has changed")
# By the fact's type and its `change`, where it has one.
_NEWS: Final[dict[str, _News]] = {
    f"{SignedInElsewhere.type}:": _News(
        N_("A new sign-in to {shop}"),
        N_("Somebody signed in to your account from a device that we had not seen there before."),
    ),
    f"{SignInWayChanged.type}:connected": _News(
        _WAY, N_("An account of another provider was connected; it signs you in from now on.")
    ),
    f"{SignInWayChanged.type}:disconnected": _News(
        _WAY, N_("An account of another provider was disconnected; it no longer signs you in.")
    ),
    f"{ProvingLocked.type}:second_factor": _News(
        N_("Somebody may know your password for {shop}"),
        N_("Somebody passed the first step of signing in to your account, and failed the next five times."),
    ),
    f"{ProvingLocked.type}:step_up": _News(
        N_("Somebody may be using your account at {shop}"),
        N_("Somebody who is signed in to your account failed five times to confirm that it is you."),
    ),
}


async def _tell_person(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue the mail; nothing for who has no e-mail."""
    user_id = UUID(fact.data["userId"])
    rows = await fetch(session, RECIPIENT, (user_id,))
    site = await runtime.sites.of_company(fact.company_id)
    if not rows or site is None:
        return
    email, locale = rows[0]
    await notify(
        session,
        fact.company_id,
        kind=KIND,
        recipient=email,
        locale=locale or site.locale,
        dedupe_key=f"account:{fact.id}",
        given={"news": f"{fact.type}:{fact.data.get('change', '')}"},
        related=f"user:{user_id}",
        at=runtime.clock.now(),
    )


async def _write(runtime: Runtime, message: Waiting) -> Written:
    news = _NEWS.get(message.given["news"])
    site = await runtime.sites.of_company(message.company_id)
    if news is None or site is None:
        raise NothingToSay("The shop is gone, or another release knows this news.")
    page = await account_page(runtime, site, message.locale)
    speak = translator(page.locale).gettext
    return write_mail(
        "delivery/notifications/mail/account",
        page,
        speak(news.subject, shop=page.site_name),
        opening=speak(news.text),
        label=speak(N_("I did not do this")),
        link=page.link("/forgot-password"),
        closing=speak(N_("If it was you, there is nothing to do. If not, choose a new password at once.")),
    )


register_kind(MessageKind(KIND, _write))
NEWS_SUBSCRIBERS = (
    Subscriber(
        "notifications.account_news",
        (SignedInElsewhere.type, SignInWayChanged.type, ProvingLocked.type),
        _tell_person,
    ),
)
