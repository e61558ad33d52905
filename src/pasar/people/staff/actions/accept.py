"""Accept an invitation: as a person who has an account, or as one who opens it with this."""

from __future__ import annotations

from typing import Final

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Conflict, FieldProblem, Forbidden, Unauthorised, Unprocessable
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Caller, Site
from pasar.people.access.public import Invited, accept_invitation, find_invitation
from pasar.people.sign_in.public import hash_password, registration
from pasar.people.users.public import add_user, credentials_of, verify_email

SIGN_IN_FIRST: Final = "sign_in_to_accept"


async def look_at_invitation(runtime: Runtime, token: str) -> Invited:
    """The invitation behind `token`, as it is now. Raises what `find_invitation` raises."""
    async with runtime.database.transaction() as session:
        return await find_invitation(session, token, runtime.clock.now())


async def has_account(database: Database, email: str) -> bool:
    """Whether somebody signs in by this address: then the link alone accepts nothing."""
    return await credentials_of(database, email) is not None


async def accept_as_known(runtime: Runtime, token: str, caller: Caller) -> Invited:
    """Accept as whoever is signed in, which must be the account of the invited address.

    `caller` was looked up for this call. The mail was read, so that the address counts as verified. Raises
    what `find_invitation` and `accept_invitation` raise, and `Forbidden` (`another_account`).
    """
    now = runtime.clock.now()
    async with runtime.database.transaction() as session:
        invited = await find_invitation(session, token, now)
        if caller.user_id is None or caller.email != invited.email:
            raise Forbidden(
                "another_account",
                "You are signed in as somebody else. Sign out, then sign in with the invited address.",
            )
        await accept_invitation(session, invited, caller.user_id, now)
        await verify_email(session, caller.user_id, invited.email, now)
    return invited


async def accept_as_new(
    runtime: Runtime, site: Site, token: str, *, name: str | None, password: str | None
) -> Invited:
    """Open the account of the invited address with this name and password, at `site`, and accept.

    Raises what `find_invitation` raises, `Unauthorised` (`sign_in_to_accept`) where the address has an
    account, `Unprocessable` for the fields of `registration`, and `Unavailable` (`busy_try_again`).
    """
    invited = await look_at_invitation(runtime, token)
    if await has_account(runtime.database, invited.email):
        raise _sign_in_first()
    _require(name=name, password=password)
    filled = registration(email=invited.email, password=password or "", name=name or "", site=site)
    # Before anything is locked: during a flood of sign-ins a hash waits long, and connections are few.
    password_hash = await hash_password(filled.password)
    now = runtime.clock.now()
    try:
        async with runtime.database.transaction() as session:
            invited = await find_invitation(session, token, now)
            user_id = await add_user(
                session, email=filled.email, name=filled.name, phone=None, password_hash=password_hash
            )
            await verify_email(session, user_id, invited.email, now)
            await accept_invitation(session, invited, user_id, now)
    except Conflict as conflict:
        if conflict.code == "email_taken":  # registered meanwhile
            raise _sign_in_first() from None
        raise
    return invited


def _require(**given: str | None) -> None:
    missing = [FieldProblem(name, "required", "Please fill this in.") for name in given if not given[name]]
    if missing:
        raise Unprocessable(
            "invalid_fields", "A new account needs a name and a password. Send both.", errors=missing
        )


def _sign_in_first() -> Unauthorised:
    return Unauthorised(
        SIGN_IN_FIRST,
        "There is an account with this address. Sign in as it, then accept with its token.",
        headers={"WWW-Authenticate": "Bearer"},
    )
