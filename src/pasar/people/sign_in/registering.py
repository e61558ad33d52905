"""Register with an e-mail and a password: the same steps for the API and for pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.kernel.limits import FailureLimit, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.actions.admit_person import admit_person
from pasar.people.sign_in.passwords import PasswordRefused, check_new_password, hash_password
from pasar.people.sign_in.person import Device
from pasar.people.sign_in.signing_in import PageSignIn, Start, start_pages
from pasar.people.users.public import (
    EmailError,
    PersonNameError,
    PhoneError,
    add_user,
    normalise_email,
    normalise_name,
    normalise_phone,
)

# A known address is told so; the limit keeps anybody from asking for many.
PER_ADDRESS: Final = FailureLimit("register.address", 20)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person filled in, normalised."""

    email: str
    password: str = field(repr=False)
    name: str
    phone: str | None


def registration(*, email: str, password: str, name: str, phone: str | None = None) -> Registration:
    """Check and normalise what was filled in. Raises `Unprocessable` with every wrong field."""
    problems: list[FieldProblem] = []
    fit_email = _field(problems, "email", normalise_email, email)
    fit_name = _field(problems, "name", normalise_name, name)
    fit_phone = _field(problems, "phone", normalise_phone, phone or "")
    try:
        check_new_password(password, email=fit_email or "")
    except PasswordRefused as refusal:
        problems.append(FieldProblem("password", refusal.code, str(refusal)))
    if problems or fit_email is None or fit_name is None:
        raise Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=problems)
    return Registration(fit_email, password, fit_name, fit_phone)


async def register_user(
    session: AsyncSession, *, email: str, password: str, name: str, phone: str | None = None
) -> UUID:
    """Open an account and answer its id, without signing in.

    Raises `Unprocessable` for wrong fields, `Conflict` (`email_taken`) for a known e-mail.
    """
    filled = registration(email=email, password=password, name=name, phone=phone)
    return await _add(session, filled, await hash_password(filled.password))


async def register(
    runtime: Runtime,
    site: Site,
    filled: Registration,
    device: Device,
    guest_token: str | None,
    start: Start[T],
) -> T:
    """Open an account, make its person a customer of the site's company, and `start`: one transaction.

    Raises `Conflict` (`email_taken`), and `TooMany` after 20 of these from one address in 15 minutes.
    """
    limits = [(PER_ADDRESS, device.address)]
    await refuse_after_failures(runtime, limits)
    password_hash = await hash_password(filled.password)
    try:
        async with runtime.database.transaction() as session:
            user_id = await _add(session, filled, password_hash)
            person = await admit_person(
                session,
                site,
                user_id,
                name=filled.name,
                email=filled.email,
                phone=filled.phone,
                guest_token=guest_token,
                at=runtime.clock.now(),
            )
            return await start(session, person)
    except Conflict as conflict:
        if conflict.code == "email_taken":
            await note_failure(runtime, limits)
        raise


async def register_on_page(
    runtime: Runtime, site: Site, filled: Registration, device: Device, guest_token: str | None
) -> PageSignIn:
    """Register and sign a browser in; `guest_token` is its present cookie, which ends.

    Raises what `register` raises.
    """
    return await register(
        runtime, site, filled, device, guest_token, start_pages(runtime, site, guest_token, device)
    )


async def _add(session: AsyncSession, filled: Registration, password_hash: str) -> UUID:
    return await add_user(
        session, email=filled.email, name=filled.name, phone=filled.phone, password_hash=password_hash
    )


def _field(problems: list[FieldProblem], name: str, rule: Callable[[str], T], text: str) -> T | None:
    """What `rule` makes of `text`, or None with the field's problem noted."""
    try:
        return rule(text)
    except (EmailError, PhoneError) as refusal:
        problems.append(FieldProblem(name, "invalid", str(refusal)))
    except PersonNameError as refusal:
        problems.append(FieldProblem(name, refusal.code, str(refusal)))
    return None
