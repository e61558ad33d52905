"""Sign in: the same steps for the API and for pages, whichever way somebody proved who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.actions.admit_person import admit_person
from pasar.people.sign_in.actions.begin_sign_in import begin_sign_in
from pasar.people.sign_in.actions.end_page_session import end_page_session
from pasar.people.sign_in.actions.issue_tokens import Tokens, issue_tokens
from pasar.people.sign_in.actions.start_page_session import start_page_session
from pasar.people.sign_in.checking import check_password
from pasar.people.sign_in.person import Account, Device, SignedIn
from pasar.people.sign_in.second_factor_gate import second_factor_gate
from pasar.people.sign_in.verifying_first import refuse_unproved

T = TypeVar("T")
Start = Callable[[AsyncSession, SignedIn], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class PageSignIn:
    """A browser that is signed in: give it `cookie` in place of the one that it had."""

    person: SignedIn
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenSignIn:
    """A client that is signed in."""

    person: SignedIn
    tokens: Tokens


def start_pages(runtime: Runtime, site: Site, former_cookie: str | None, device: Device) -> Start[PageSignIn]:
    """Begin by a page session, ending the one behind the browser's former cookie."""

    async def start(session: AsyncSession, person: SignedIn) -> PageSignIn:
        at = runtime.clock.now()
        if former_cookie:
            await end_page_session(session, former_cookie, at)
        cookie = await start_page_session(session, person.user_id, site, device, at)
        return PageSignIn(person, cookie)

    return start


def start_tokens(runtime: Runtime, device: Device) -> Start[TokenSignIn]:
    """Begin by an access token and a refresh token."""

    async def start(session: AsyncSession, person: SignedIn) -> TokenSignIn:
        at = runtime.clock.now()
        company_id = person.company_id if person.kind == "customer" else None
        sign_in_id = await begin_sign_in(
            session,
            person.user_id,
            company_id=company_id,
            kind="tokens",
            device=device,
            at=at,
            at_company=person.company_id,
        )
        tokens = await issue_tokens(
            session,
            person,
            signing=await runtime.secrets.signing_key(),
            seconds=runtime.settings.access_token_seconds,
            at=at,
            sign_in_id=sign_in_id,
        )
        return TokenSignIn(person, tokens)

    return start


async def let_in(
    session: AsyncSession,
    runtime: Runtime,
    site: Site,
    account: Account,
    device: Device,
    guest_token: str | None,
    start: Start[T],
) -> T:
    """Let in who has proved to be `account`'s person, attach the guest's belongings, and `start`.

    Every way in ends here, whatever was shown: a password, a code, a new account. `device` has the caller's
    network address; `guest_token` is the guest's cookie or `x-session-token`. Raises `SecondFactorRequired`
    for who has a second factor and has not shown it, and what `refuse_unproved` raises.
    """
    await refuse_unproved(session, site.company_id, account.user_id)
    if not device.second_factor:
        await second_factor_gate(runtime, site, account.user_id, guest_token)
    person = await admit_person(
        session,
        site,
        account.user_id,
        name=account.name,
        email=account.email,
        phone=account.phone,
        guest_token=guest_token,
        at=runtime.clock.now(),
    )
    return await start(session, person)


async def sign_in(
    runtime: Runtime,
    site: Site,
    login: str,
    password: str,
    device: Device,
    guest_token: str | None,
    start: Start[T],
) -> T:
    """Check the password behind `login`, an e-mail or a verified phone, and let the person in at `site`.

    All but the check is one transaction. Raises what `check_password` raises.
    """
    found = await check_password(runtime, login, password, device.address, site=site)
    account = Account(found.user_id, found.name, found.email, found.phone)
    async with runtime.database.transaction() as session:
        return await let_in(session, runtime, site, account, device, guest_token, start)


async def sign_in_with_password(
    runtime: Runtime, site: Site, login: str, password: str, device: Device, guest_token: str | None
) -> PageSignIn:
    """Sign a browser in; `guest_token` is its present cookie, which ends. Raises as `check_password`."""
    start = start_pages(runtime, site, guest_token, device)
    return await sign_in(runtime, site, login, password, device, guest_token, start)
