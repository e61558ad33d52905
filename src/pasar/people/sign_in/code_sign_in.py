"""Sign in by a code that is sent to a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

import structlog

from pasar.kernel.errors import FieldProblem, TooMany, Unprocessable
from pasar.kernel.limits import FailureLimit, note_failure
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.asking_limits import PER_ADDRESS
from pasar.people.sign_in.person import Account, Device
from pasar.people.sign_in.proofs.request_proof import Asking, request_proof
from pasar.people.sign_in.proofs.try_code import try_code, wrong_code
from pasar.people.sign_in.signing_in import Start, let_in
from pasar.people.users.public import (
    PersonNameError,
    PhoneError,
    account_of_phone,
    normalise_name,
    normalise_phone,
    phone_region,
    verify_phone,
)

log = structlog.get_logger(__name__)

CODES_PER_PHONE: Final = FailureLimit("codes.phone", 3, timedelta(hours=1))
SHOWN_DIGITS: Final = 4

T = TypeVar("T")


def phone_at(site: Site, text: str) -> str:
    """The number as E.164, read as people of the site's country write it. Raises `Unprocessable`."""
    try:
        phone = normalise_phone(text, phone_region(site.currency, site.locale))
        if phone is None:
            raise PhoneError("Give the number that the code is to be sent to.")
    except PhoneError as refusal:
        problem = FieldProblem("phone", "invalid", str(refusal))
        raise Unprocessable("invalid_fields", str(refusal), errors=[problem]) from None
    return phone


async def send_code(runtime: Runtime, asking: Asking, phone: str, address: str) -> None:
    """Have a code sent to `phone` (E.164). Whether the number has an account is not even looked up.

    Raises `TooMany` (`too_many_codes`) after 3 codes for a number in an hour, or 20 letters from an address
    in 15 minutes.
    """
    try:
        await note_failure(runtime, [(PER_ADDRESS, address)])
        await note_failure(runtime, [(CODES_PER_PHONE, phone)])
    except TooMany as refusal:
        detail = "Too many codes were asked for. Use the last one, or wait and ask again."
        raise TooMany("too_many_codes", detail, headers=refusal.headers) from None
    async with runtime.database.transaction() as session:
        await request_proof(session, runtime, asking, "phone_code", user_id=None, recipient=phone)


async def sign_in_with_code(
    runtime: Runtime,
    site: Site,
    phone: str,
    code: str,
    name: str,
    device: Device,
    guest_token: str | None,
    start: Start[T],
) -> T:
    """Sign in the account of whoever holds `phone` (E.164), opened under `name` when there is none.

    Raises `Unprocessable` for a name that is none, and what `try_code` raises.
    """
    given = _name(name, phone)
    await try_code(runtime, site, phone, code, device.address)
    async with runtime.database.transaction() as session:
        found = await account_of_phone(session, phone, name=given, at=runtime.clock.now())
        if not found.is_active:
            log.info("sign_in.failed", way="code", reason="closed", userId=str(found.user_id))
            raise wrong_code()
        account = Account(found.user_id, found.name, found.email, found.phone)
        return await let_in(session, runtime, site, account, device, guest_token, start)


async def prove_own_phone(
    runtime: Runtime, site: Site, user_id: UUID, phone: str, code: str, address: str
) -> None:
    """Note in one's own account that its person holds `phone`: from now on it signs in.

    Raises `Conflict` (`phone_taken`), and what `try_code` raises.
    """
    await try_code(runtime, site, phone, code, address)
    async with runtime.database.transaction() as session:
        await verify_phone(session, site.company_id, user_id, phone, runtime.clock.now())


def _name(name: str, phone: str) -> str:
    """What was given, or the end of the number: people are called something, and may change it."""
    if not name.strip():
        return f"… {phone[-SHOWN_DIGITS:]}"
    try:
        return normalise_name(name)
    except PersonNameError as refusal:
        problem = FieldProblem("name", refusal.code, str(refusal))
        raise Unprocessable("invalid_fields", str(refusal), errors=[problem]) from None
