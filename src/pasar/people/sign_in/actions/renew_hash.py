"""Hash a password anew that was hashed with other parameters than today's."""

from __future__ import annotations

from pasar.kernel.errors import Unavailable
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.passwords import hash_password, is_outdated
from pasar.people.users.public import Credentials, renew_password_hash


async def renew_hash(runtime: Runtime, found: Credentials, password: str) -> None:
    """Renew the stored hash of `password`, which has just been found right. Skipped while many sign in."""
    if found.password_hash is None or not is_outdated(found.password_hash):
        return
    try:
        newer = await hash_password(password)
    except Unavailable:
        return  # the next sign-in will do
    await renew_password_hash(runtime.database, found.user_id, found.password_hash, newer)
