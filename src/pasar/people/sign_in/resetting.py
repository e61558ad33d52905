"""Choose another password: by a link in a mail when the present one is forgotten, or by knowing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.kernel.limits import FailureLimit, forget_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.actions.forget_ways_in import forget_ways_in, ways_in
from pasar.people.sign_in.actions.revoke_sign_in import revoke_all
from pasar.people.sign_in.asking_limits import email_as_kept, may_write_to
from pasar.people.sign_in.checking import PER_ACCOUNT, PER_OWNER, check_own_password
from pasar.people.sign_in.events import WayIn
from pasar.people.sign_in.passwords import PasswordRefused, check_new_password, hash_password
from pasar.people.sign_in.proofs.request_proof import Asking, request_proof
from pasar.people.sign_in.proofs.use_link import find_link, link_over, use_link
from pasar.people.users.public import credentials_of, own_profile, set_password, verify_email

PER_RECIPIENT: Final = FailureLimit("reset.recipient", 5, timedelta(hours=1))

# Links that were asked for before the password was another one: one to another address, too, for whoever
# knew the former password may have asked for it.
END_LINKS: Final = """
UPDATE proofs SET used_at = $2
 WHERE user_id = $1 AND used_at IS NULL AND kind = ANY ($3::text[])
"""
OVER_WITH_PASSWORD: Final = ("reset_password", "change_email")


async def forgot_password(runtime: Runtime, asking: Asking, email: str, address: str) -> None:
    """Send a link to the address when it has an account, and do the same work when it has none.

    Raises `TooMany` for an address that asks often; no mailbox gets more than 5 in an hour.
    """
    kept = email_as_kept(email)
    if not await may_write_to(runtime, PER_RECIPIENT, kept, address):
        return
    found = await credentials_of(runtime.database, kept)
    known = found is not None and found.is_active
    async with runtime.database.transaction() as session:
        await request_proof(
            session,
            runtime,
            asking,
            "reset_password",
            user_id=found.user_id if found and known else None,
            recipient=kept if known else "",
        )


async def reset_password(runtime: Runtime, asking: Asking, token: str, new: str, address: str) -> None:
    """Take the link and store the new password. Every sign-in of the account ends, and every other link that
    changes it; the address is proved by the link; a mail tells it. Nobody is signed in by this.

    Where the address was never proved before, whoever opened the account may not be who reads its mail: the
    phone, second factors and providers that were set up go, too.

    Raises `Unprocessable` (`link_over`; or the field `newPassword`), and what `find_link` raises.
    """
    proven = await find_link(runtime, ("reset_password",), token, address)
    try:
        own = await own_profile(runtime.database, proven.user_id)
    except NotFound:
        raise link_over() from None
    _check(new, proven.recipient, own.name, asking.site)
    password_hash = await hash_password(new)
    async with runtime.database.transaction() as session:
        await use_link(session, runtime, proven)
        # An address that was changed meanwhile opens nothing any more.
        proof = await verify_email(session, proven.user_id, proven.recipient, runtime.clock.now())
        if proof is None:
            raise link_over()
        removed = await forget_ways_in(session, proven.user_id) if proof == "first" else []
        await _replace(session, runtime, asking, proven.user_id, password_hash, but=None, removed=removed)
    for limit in (PER_ACCOUNT, PER_OWNER):
        await forget_failures(runtime, limit, f"user:{proven.user_id}")


async def change_password(
    runtime: Runtime,
    asking: Asking,
    user_id: UUID,
    sign_in_id: UUID | None,
    current: str,
    new: str,
    address: str,
) -> None:
    """Store the new password of somebody who knows the present one; every sign-in but `sign_in_id` ends.

    Raises `Unprocessable` on the fields `currentPassword` and `newPassword`, and `TooMany`.
    """
    await check_own_password(runtime, user_id, current, address)
    own = await own_profile(runtime.database, user_id)
    _check(new, own.email, own.name, asking.site)
    password_hash = await hash_password(new)
    async with runtime.database.transaction() as session:
        await _replace(session, runtime, asking, user_id, password_hash, but=sign_in_id)


async def _replace(
    session: AsyncSession,
    runtime: Runtime,
    asking: Asking,
    user_id: UUID,
    password_hash: str,
    *,
    but: UUID | None,
    removed: Sequence[WayIn] = (),
) -> None:
    at = runtime.clock.now()
    email = await set_password(session, user_id, password_hash)
    if email is None:
        raise link_over()
    await revoke_all(session, user_id, "password", at, but=but)
    await fetch(session, END_LINKS, (user_id, at, list(OVER_WITH_PASSWORD)))
    told = {"removed": list(removed), "remaining": await ways_in(session, user_id)}
    await request_proof(
        session, runtime, asking, "password_changed", user_id=user_id, recipient=email, told=told
    )


def _check(new: str, email: str, name: str, site: Site) -> None:
    try:
        check_new_password(new, email=email, names=(name, site.name, site.company_name))
    except PasswordRefused as refusal:
        problem = FieldProblem("newPassword", refusal.code, str(refusal))
        raise Unprocessable("invalid_fields", str(refusal), errors=[problem]) from None
