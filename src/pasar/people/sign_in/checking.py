"""Is this the password of that account? The same answer and the same work when there is no such account."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from pasar.kernel.acting import Acting, calling_now
from pasar.kernel.errors import FieldProblem, Unauthorised, Unprocessable
from pasar.kernel.limits import FailureLimit, forget_failures, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.audit.public import audit_event
from pasar.people.sign_in.actions.renew_hash import renew_hash
from pasar.people.sign_in.locking import tell_locked
from pasar.people.sign_in.passwords import password_fits
from pasar.people.users.public import (
    Credentials,
    EmailError,
    PhoneError,
    credentials_by_id,
    credentials_by_phone,
    credentials_of,
    normalise_email,
    normalise_phone,
    phone_region,
)

log = structlog.get_logger(__name__)

PER_ACCOUNT: Final = FailureLimit("sign_in.account", 5)
PER_ADDRESS: Final = FailureLimit("sign_in.address", 20)
# Of whoever is signed in. Apart from sign-in, where strangers could use up a person's tries from outside,
# just when that person means to change a password that has leaked.
PER_OWNER: Final = FailureLimit("own_password.account", 5)
PER_OWNERS_ADDRESS: Final = FailureLimit("own_password.address", 20)

# Where the company lets in by a verified e-mail only. Staff were let in by whoever invited them.
MUST_VERIFY = """
SELECT verify_first, EXISTS (
           SELECT 1 FROM company_roles r WHERE r.company_id = d.company_id AND r.user_id = $2)
  FROM company_demands d WHERE company_id = $1
"""
NOBODY: Final = UUID(int=0)


async def check_password(
    runtime: Runtime, login: str, password: str, address: str, *, site: Site | None = None
) -> Credentials:
    """The account whose password this is; `login` is its e-mail or its verified phone, as typed.

    `address` is where the call came from. At a `site` whose company lets in by a verified e-mail only, an
    account without one is refused like an unknown one. Raises `Unauthorised` (`wrong_credentials`) alike for
    a wrong password, an unknown or an inactive account, and `TooMany` with `Retry-After` after 5 failures of
    an account or 20 from an address in 15 minutes.
    """
    found, typed, by_email = await _account(runtime, login, site)
    # By the account where there is one: its phone and its e-mail share five tries.
    subject = f"user:{found.user_id}" if found else typed
    demanded, exempt = False, False
    if site is not None:
        demanded, exempt = await _demands(runtime, site, found.user_id if found else NOBODY)
    unproven = demanded and not exempt and by_email and found is not None and not found.email_verified
    if await _fits(runtime, found, password, subject, address, refused=unproven) and found is not None:
        return found
    raise Unauthorised("wrong_credentials", _wrong_words(demanded=demanded))


async def check_own_password(runtime: Runtime, user_id: UUID, password: str, address: str) -> None:
    """Whether a person who is signed in knows the own password: for changes that a thief must not make.

    Failures of strangers at sign-in do not count here. Raises `Unprocessable` (`wrong_password`) on the field
    `currentPassword`, and `TooMany`.
    """
    found = await credentials_by_id(runtime.database, user_id)
    subject = f"user:{user_id}"
    if not await _fits(runtime, found, password, subject, address, refused=False, account=PER_OWNER):
        detail = "This is not your present password. Check it and try again."
        problem = FieldProblem("currentPassword", "wrong_password", detail)
        raise Unprocessable("wrong_password", detail, errors=[problem])


async def verified_only(runtime: Runtime, site: Site, user_id: UUID) -> bool:
    """Whether this person comes in at `site` by a verified e-mail only. One indexed read."""
    demanded, exempt = await _demands(runtime, site, user_id)
    return demanded and not exempt


async def _demands(runtime: Runtime, site: Site, user_id: UUID) -> tuple[bool, bool]:
    """Whether people come in at `site` by a verified e-mail only, and whether this one works there."""
    row = await runtime.database.row(MUST_VERIFY, site.company_id, user_id)
    return (row[0], row[1]) if row else (False, False)


async def _account(runtime: Runtime, login: str, site: Site | None) -> tuple[Credentials | None, str, bool]:
    """The account, what was typed in one form, and whether it was an e-mail. One indexed read."""
    # Nobody's, yet limited and worked for like any other. PostgreSQL takes no NUL in a text.
    typed = login.replace("\0", "").strip().lower()
    if typed and "@" not in typed:
        region = phone_region(site.currency, site.locale) if site else None
        with suppress(PhoneError):
            typed = normalise_phone(typed, region) or typed
        return await credentials_by_phone(runtime.database, typed), typed, False
    with suppress(EmailError):
        typed = normalise_email(login)
    return await credentials_of(runtime.database, typed), typed, True


async def _fits(
    runtime: Runtime,
    found: Credentials | None,
    password: str,
    subject: str,
    address: str,
    *,
    refused: bool,
    account: FailureLimit = PER_ACCOUNT,
) -> bool:
    """Whether the password is right, within the limits; a wrong one is counted. Raises `TooMany`."""
    inside = account is PER_OWNER
    limits = [(account, subject), (PER_OWNERS_ADDRESS if inside else PER_ADDRESS, address)]
    await refuse_after_failures(runtime, limits)
    fits = await password_fits(password, found.password_hash if found else None)
    if found is None or not fits or not found.is_active or refused:
        _log_failure(found, fits=fits)
        if account in await note_failure(runtime, limits):
            if inside and found is not None:
                await tell_locked(runtime, found.user_id, "step_up")
            else:
                await _tell_locked(runtime, found)
        return False
    await refuse_after_failures(runtime, limits)  # while the password was checked, others may have failed
    await forget_failures(runtime, account, subject)
    await renew_hash(runtime, found, password)
    return True


def _log_failure(found: Credentials | None, *, fits: bool) -> None:
    """A line for whoever watches over attacks: ids alone, for what was typed is personal, or a password."""
    if found is None:
        reason = "no_account"
    elif not fits:
        reason = "wrong_password"
    else:
        reason = "not_verified" if found.is_active else "closed"
    log.info("sign_in.failed", way="password", reason=reason, userId=str(found.user_id) if found else None)


async def _tell_locked(runtime: Runtime, found: Credentials | None) -> None:
    """Note in the audit log that an account is locked for a while, and from where it was tried.

    Unknown accounts leave an entry, too: the same work for both.
    """
    who = calling_now() or Acting(kind="customer")
    subject = found.user_id if found else "unknown"
    log.warning("sign_in.locked", userId=str(found.user_id) if found else None)
    async with runtime.database.transaction() as session:
        await audit_event(session, who, "sign_in.locked", "account", subject, whence_kept=True)


def _wrong_words(*, demanded: bool) -> str:
    """The same for everybody at one shop, whatever is wrong."""
    if demanded:
        return (
            "The login or the password is wrong, or the e-mail is not verified yet: "
            "open the link in our mail, or ask for a new one."
        )
    return "The e-mail or the password is wrong. Check both and try again."
