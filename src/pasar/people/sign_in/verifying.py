"""Prove an e-mail address by the link in a mail; ask for that mail again; ask for another address."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.limits import FailureLimit
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.asking_limits import email_as_kept, may_write_to
from pasar.people.sign_in.checking import check_own_password
from pasar.people.sign_in.proofs.request_proof import Asking, request_proof
from pasar.people.sign_in.proofs.use_link import Proven, find_link, link_over, use_link
from pasar.people.users.public import (
    EmailError,
    change_email,
    credentials_of,
    normalise_email,
    own_profile,
    verify_email,
)

PER_RECIPIENT: Final = FailureLimit("verify.recipient", 5)


async def resend_verification(runtime: Runtime, asking: Asking, email: str, address: str) -> None:
    """Send the link again to an address that has an account and is not proved yet: told to nobody.

    Raises `TooMany` for an address that asks often; no mailbox gets more than 5 in a quarter of an hour.
    """
    kept = email_as_kept(email)
    if not await may_write_to(runtime, PER_RECIPIENT, kept, address):
        return
    found = await credentials_of(runtime.database, kept)
    unproven = found is not None and found.is_active and not found.email_verified
    async with runtime.database.transaction() as session:
        await request_proof(
            session,
            runtime,
            asking,
            "verify_email",
            user_id=found.user_id if found and unproven else None,
            recipient=kept if unproven else "",
        )


async def verify_by_link(runtime: Runtime, asking: Asking, token: str, address: str) -> None:
    """Take the link of a mail: the address is proved, or becomes the account's when another one was wanted.

    Raises `Unprocessable` (`link_over`), `Conflict` (`email_taken`), and what `find_link` raises.
    """
    proven = await find_link(runtime, ("verify_email", "change_email"), token, address)
    async with runtime.database.transaction() as session:
        await use_link(session, runtime, proven)
        if proven.kind == "change_email":
            await _change(session, runtime, asking, proven)
        elif not await verify_email(session, proven.user_id, proven.recipient, runtime.clock.now()):
            raise link_over()


async def ask_for_email_change(
    runtime: Runtime, asking: Asking, user_id: UUID, email: str, password: str, address: str
) -> None:
    """Send a link to the new address; it counts once that was opened. The own password is asked for, where
    there is one: whoever finds a browser open must not take the account over.

    Raises `Unprocessable` on the fields `email` and `currentPassword`, and `TooMany`.
    """
    try:
        wanted = normalise_email(email)
    except EmailError as refusal:
        raise _wrong_email("invalid", str(refusal)) from None
    profile = await own_profile(runtime.database, user_id)
    if wanted == profile.email:
        raise _wrong_email("same", "This is your address already.")
    if profile.has_password:
        await check_own_password(runtime, user_id, password, address)
    if not await may_write_to(runtime, PER_RECIPIENT, wanted, address):
        return
    # Whether the address is somebody's is told to its reader alone: the link then says so.
    async with runtime.database.transaction() as session:
        await request_proof(session, runtime, asking, "change_email", user_id=user_id, recipient=wanted)


async def _change(session: AsyncSession, runtime: Runtime, asking: Asking, proven: Proven) -> None:
    at = runtime.clock.now()
    former = await change_email(session, proven.company_id, proven.user_id, proven.recipient, at)
    if former is None:
        raise link_over()
    if former:
        told = Asking(asking.site, proven.locale)
        await request_proof(session, runtime, told, "email_changed", user_id=proven.user_id, recipient=former)


def _wrong_email(code: str, detail: str) -> Unprocessable:
    return Unprocessable("invalid_fields", detail, errors=[FieldProblem("email", code, detail)])
