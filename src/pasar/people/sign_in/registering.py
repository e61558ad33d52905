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
from pasar.people.sign_in.asking_limits import PER_ADDRESS as LETTERS_PER_ADDRESS
from pasar.people.sign_in.passwords import PasswordRefused, check_new_password, hash_password
from pasar.people.sign_in.person import Account, Device
from pasar.people.sign_in.proof_kinds import ProofKind
from pasar.people.sign_in.proofs.request_proof import Asking, request_proof
from pasar.people.sign_in.signing_in import PageSignIn, Start, let_in, start_pages
from pasar.people.users.public import (
    EmailError,
    PersonNameError,
    PhoneError,
    add_user,
    add_user_unless_known,
    normalise_email,
    normalise_name,
    normalise_phone,
    phone_region,
)

# A known address is told so; the limit keeps anybody from asking for many.
PER_ADDRESS: Final = FailureLimit("register.address", 20)
VERIFIES_FIRST: Final = "SELECT verify_first FROM company_demands WHERE company_id = $1"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person filled in, normalised."""

    email: str
    password: str = field(repr=False)
    name: str
    phone: str | None


def registration(
    *, email: str, password: str, name: str, phone: str | None = None, site: Site | None = None
) -> Registration:
    """Check and normalise what was filled in; a phone is read as people of `site`'s country write it.

    Raises `Unprocessable` with every wrong field.
    """
    region = phone_region(site.currency, site.locale) if site else None
    problems: list[FieldProblem] = []
    fit_email = _field(problems, "email", normalise_email, email)
    fit_name = _field(problems, "name", normalise_name, name)
    fit_phone = _field(problems, "phone", lambda text: normalise_phone(text, region), phone or "")
    names = (name, *((site.name, site.company_name) if site else ()))
    try:
        check_new_password(password, email=fit_email or "", names=names)
    except PasswordRefused as refusal:
        problems.append(FieldProblem("password", refusal.code, str(refusal)))
    if problems or fit_email is None or fit_name is None:
        raise Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=problems)
    return Registration(fit_email, password, fit_name, fit_phone)


async def verifies_first(runtime: Runtime, site: Site) -> bool:
    """Whether this company lets nobody in, and says nothing of any address, before its mail was read."""
    return bool(await runtime.database.value(VERIFIES_FIRST, site.company_id))


async def register_user(
    session: AsyncSession,
    *,
    email: str,
    password: str,
    name: str,
    phone: str | None = None,
    site: Site | None = None,
) -> UUID:
    """Open an account and answer its id, without signing in and without a letter. Without a `site` the shop's
    names are not kept out of the password.

    Raises `Unprocessable` for wrong fields, `Conflict` (`email_taken`) for a known e-mail.
    """
    filled = registration(email=email, password=password, name=name, phone=phone, site=site)
    return await _add(session, filled, await hash_password(filled.password))


async def register(
    runtime: Runtime,
    site: Site,
    filled: Registration,
    device: Device,
    guest_token: str | None,
    start: Start[T],
    *,
    locale: str = "",
) -> T:
    """Open an account, ask for a proof of its e-mail in `locale`, make its person a customer of the site's
    company, and `start`: one transaction. Who has registered is in; the proof may come later.

    Raises `Conflict` (`email_taken`), and `TooMany` after 20 of these from one address in 15 minutes, or 20
    letters of whatever kind: each registration sends one, to an address that may be a stranger's.
    """
    limits = [(PER_ADDRESS, device.address)]
    await refuse_after_failures(runtime, limits)
    await note_failure(runtime, [(LETTERS_PER_ADDRESS, device.address)])
    password_hash = await hash_password(filled.password)
    asking = Asking(site, locale or site.locale)
    try:
        async with runtime.database.transaction() as session:
            user_id = await _add(session, filled, password_hash)
            await request_proof(
                session, runtime, asking, "verify_email", user_id=user_id, recipient=filled.email
            )
            account = Account(user_id, filled.name, filled.email, filled.phone)
            return await let_in(session, runtime, site, account, device, guest_token, start)
    except Conflict as conflict:
        if conflict.code == "email_taken":
            await note_failure(runtime, limits)
        raise


async def register_unseen(
    runtime: Runtime, site: Site, filled: Registration, device: Device, *, locale: str = ""
) -> None:
    """Open an account, or tell the owner of a known e-mail that there is one: by the same work, and without a
    word to whoever asks. Both learn by mail how to go on.

    Raises `TooMany` after 20 registrations from one address in 15 minutes, of whatever e-mails.
    """
    await note_failure(runtime, [(PER_ADDRESS, device.address), (LETTERS_PER_ADDRESS, device.address)])
    password_hash = await hash_password(filled.password)
    asking = Asking(site, locale or site.locale)
    async with runtime.database.transaction() as session:
        found = await add_user_unless_known(
            session,
            email=filled.email,
            name=filled.name,
            phone=filled.phone,
            password_hash=password_hash,
        )
        kind: ProofKind = "verify_email" if found.is_new else "email_taken"
        await request_proof(session, runtime, asking, kind, user_id=found.id, recipient=filled.email)


async def register_on_page(
    runtime: Runtime,
    site: Site,
    filled: Registration,
    device: Device,
    guest_token: str | None,
    *,
    locale: str = "",
) -> PageSignIn:
    """Register and sign a browser in; `guest_token` is its present cookie, which ends.

    Raises what `register` raises.
    """
    start = start_pages(runtime, site, guest_token, device)
    return await register(runtime, site, filled, device, guest_token, start, locale=locale)


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
