"""Is this password good enough, and is it the right one? argon2id, off the event loop."""

from __future__ import annotations

import asyncio
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST: Final = 8
LONGEST: Final = 256
"""Characters. Longer ones would only make the hash expensive."""

_hashing: Final = PasswordHash((Argon2Hasher(),))

# What an unknown account's password is compared with, so that it takes the same work as a known one's:
# the hash of random bytes that nobody kept, made with the parameters above.
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$ccPS/0aykTMXwPcfOFmEFg$dUhYQ/qTUUuMU5NR6TlKyUOieZxxnEj1bE529FUbs2g"
)


class PasswordRefused(ValueError):
    """Not good enough. `code` is `too_short`, `too_long` or `same_as_email`; the message is English."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_new_password(password: str, *, email: str) -> None:
    """Raise `PasswordRefused` for a password that must not be chosen. `email` is normalised."""
    if len(password) < SHORTEST:
        raise PasswordRefused("too_short", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PasswordRefused("too_long", f"A password has at most {LONGEST} characters.")
    if password.strip().lower() == email:
        raise PasswordRefused("same_as_email", "Choose a password that is not your e-mail address.")


async def hash_password(password: str) -> str:
    """The argon2id hash to store. Some 0.2 s of one core, in a thread."""
    return await asyncio.to_thread(_hashing.hash, password)


async def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` is behind `stored`. None, for an unknown account, costs the same and fails."""
    fits = await asyncio.to_thread(_hashing.verify, password[: LONGEST + 1], stored or _NOBODYS_HASH)
    return fits and stored is not None
