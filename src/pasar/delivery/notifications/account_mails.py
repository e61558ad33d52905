"""What do letters about an account say? They are written when they leave; their secret is made then, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from pasar.delivery.notifications.account_page import account_page
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, register_kind
from pasar.delivery.notifications.rendering import MailPage, mail_page, write_mail
from pasar.delivery.notifications.standing import host_of_work, standing_of
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import site_by_id
from pasar.people.sign_in.events import WayIn
from pasar.people.sign_in.public import Letter, ProofKind, letter_of, mint_secret

__all__ = ["kind_of", "register_account_mails"]

CODE: Final = "phone_code"


@dataclass(frozen=True, slots=True)
class _Words:
    """A letter's words: English message ids. `path` is where its button leads, `{token}` its secret."""

    subject: str
    opening: str
    label: str = ""
    path: str = ""
    closing: str = ""


_WORDS: Final[dict[ProofKind, _Words]] = {
    "verify_email": _Words(
        N_("Verify your e-mail for {shop}"),
        N_("Somebody, most likely you, opened an account at {shop} with this address. Say that it is yours:"),
        N_("Verify my e-mail"),
        "/verify-email/{token}",
        N_("The link works for a day. If it was not you, do not open it: somebody else opened the account."),
    ),
    "change_email": _Words(
        N_("Verify your new e-mail for {shop}"),
        N_("You want to sign in to {shop} with this address from now on. Say that it is yours:"),
        N_("Use this e-mail"),
        "/verify-email/{token}",
        N_("The link works for a day; until then your former address stays. Was it not you? Leave it alone."),
    ),
    "reset_password": _Words(
        N_("Choose a new password for {shop}"),
        N_("Somebody, most likely you, has forgotten the password of this account. Choose a new one:"),
        N_("Choose a new password"),
        "/reset-password/{token}",
        N_("The link works once, for an hour. Was it not you? Leave it alone: your password stays."),
    ),
    "phone_code": _Words(
        N_("Your code for {shop}"),
        N_("{code} is your code to sign in to {shop}."),
        closing=N_("It works for a few minutes. Pass it on to nobody, whoever asks."),
    ),
    "email_taken": _Words(
        N_("You have an account at {shop} already"),
        N_("Somebody, most likely you, wanted to open an account with this address. There is one already."),
        N_("Sign in"),
        "/sign-in",
        N_("If you have forgotten the password, the page to sign in helps. Was it not you? Nothing happens."),
    ),
    "password_changed": _Words(
        N_("Your password for {shop} was changed"),
        N_("The password of your account was changed, and every other sign-in has ended."),
        N_("I did not do this"),
        "/forgot-password",
        N_("If it was you, there is nothing to do. If not, choose a new password at once."),
    ),
    "email_changed": _Words(
        N_("Your e-mail for {shop} was changed"),
        N_("Your account now has another e-mail; this address no longer signs in."),
        closing=N_("If it was not you, write to the shop at once: somebody may have taken your account."),
    ),
}


# The ways in that a change of the password took away, or left: named to the person, who may not know them.
WAYS: Final = ("removed", "remaining")
_WAYS_TOLD: Final[dict[str, str]] = {
    "removed": N_("What was set up before your address was proved is gone, for your safety: {ways}."),
    "remaining": N_("Beside the password, your account has: {ways}. Remove what is not yours under Account."),
}
_WAY_WORDS: Final[dict[WayIn, str]] = {
    "phone": N_("a phone that signs in"),
    "passkey": N_("passkeys"),
    "totp": N_("an authenticator app"),
    "provider": N_("an account of another provider"),
}


def kind_of(kind: ProofKind) -> str:
    """How the kind of message for such a letter is called."""
    return f"account.{kind}"


def register_account_mails() -> None:
    """Make the kinds of letters about accounts known."""
    for kind in _WORDS:
        register_kind(MessageKind(kind_of(kind), _write))


async def _write(runtime: Runtime, message: Waiting) -> Written:
    letter = await letter_of(runtime.database, UUID(message.given["requestId"]))
    if letter is None:
        raise NothingToSay("The request is over.")
    page = await _page(runtime, letter)
    words = _WORDS[letter.kind]
    secret = await _secret(runtime, letter)
    speak = translator(page.locale).gettext
    said = _speaker(speak, shop=page.site_name, code=secret if letter.kind == CODE else "")
    link = page.link(words.path.replace("{token}", secret)) if words.path else ""
    if words.path and not link:
        raise NothingToSay("Nobody knows the shop's own address: give the site a host, or PASAR_PUBLIC_URL.")
    subject, closing = said(words.subject), said(words.closing)
    opening = " ".join((said(words.opening), *_ways_told(speak, message.given)))
    if message.channel != "mail":
        return Written(page.site_name, subject, f"{opening} {closing}", "")
    return write_mail(
        "delivery/notifications/mail/account",
        page,
        subject,
        opening=opening,
        label=said(words.label),
        link=link,
        closing=closing,
    )


def _speaker(speak: Callable[..., str], **values: str) -> Callable[[str], str]:
    """Speaks a message in the letter's language; nothing stays nothing."""
    return lambda words: speak(words, **values) if words else ""


def _ways_told(speak: Callable[..., str], given: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for the ways in that are gone, and one for those that are left."""
    for name in WAYS:
        ways = ", ".join(speak(words) for way, words in _WAY_WORDS.items() if way in given.get(name, ()))
        if ways:
            yield speak(_WAYS_TOLD[name], ways=ways)


async def _page(runtime: Runtime, letter: Letter) -> MailPage:
    site = await site_by_id(runtime.database, letter.company_id, letter.site_id)
    if site is None:  # a site that was closed since: the company's other one speaks
        site = await runtime.sites.of_company(letter.company_id)
    if site is None:
        raise NothingToSay("The shop is gone.")
    if letter.user_id is None or letter.kind == CODE:  # a code is typed in where it was asked for
        return await account_page(runtime, site, letter.locale)
    standing = await standing_of(runtime, letter.user_id, letter.company_id)
    if _opens(letter) and not standing.is_known:
        raise NothingToSay("The shop has nothing to do with this person.")
    if not standing.workplaces:
        return await account_page(runtime, site, letter.locale)
    host = await host_of_work(runtime, standing, letter.site_id)
    return mail_page(runtime.settings, replace(site, host=host), letter.locale)


def _opens(letter: Letter) -> bool:
    """Whether it carries a link that changes the account."""
    return "{token}" in _WORDS[letter.kind].path


async def _secret(runtime: Runtime, letter: Letter) -> str:
    """The token or code of the letter, made now; nothing for news."""
    if letter.kind != CODE and not _opens(letter):
        return ""
    minted = await mint_secret(runtime, letter.id)
    if minted is None:
        raise NothingToSay("The request is over, or was used.")
    return minted.secret
