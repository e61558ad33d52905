"""Is this password good enough, and is it the right one? argon2id, off the event loop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from pasar.people.sign_in.common_passwords import is_common, words_of
from pasar.people.sign_in.hashing import hashing_threads

SHORTEST: Final = 8
LONGEST: Final = 256
"""Characters. Longer ones would only make the hash expensive."""

# OWASP's second choice (Password Storage Cheat Sheet: m=19 MiB, t=2, p=1), which it calls as strong as its
# first (m=46 MiB, t=1, p=1). Measured here: 19 ms and 37 ms of a core; argon2's own default (64 MiB, t=3,
# p=4) takes 129 ms of four, which every reader of a cart then waited for. One lane: a hash is one thread's.
MEMORY_KIB: Final = 19_456
PASSES: Final = 2
LANES: Final = 1

_hasher: Final = Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
_hashing: Final = PasswordHash((_hasher,))

# What an unknown account's password is compared with, so that it takes the same work as a known one's:
# the hash of random bytes that nobody kept, made with the parameters above.
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$rlCaHph1jEy4kZLcVBgrjg$2nb9vAxyATqtIEjP0f6T+Cb7kSHG8UELz81A2+B4cp4"
)


class PasswordRefused(ValueError):
    """Not good enough. `code`: `too_short`, `too_long`, `same_as_email`, `too_common`; English message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_new_password(password: str, *, email: str, names: Iterable[str] = ()) -> None:
    """Raise `PasswordRefused` for a password that must not be chosen.

    `email` is normalised. `names` are those of the person, the shop and the company: a password that is one
    of them, or a part of one, with digits or signs around it is refused like the common ones.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused("too_short", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PasswordRefused("too_long", f"A password has at most {LONGEST} characters.")
    if password.strip().lower() == email:
        raise PasswordRefused("same_as_email", "Choose a password that is not your e-mail address.")
    if is_common(password, words_of(*names, email=email)):
        raise PasswordRefused(
            "too_common", "This password is among the first that anybody tries. Choose another one."
        )


async def hash_password(password: str) -> str:
    """The argon2id hash to store: some 20 ms of a core, in a thread. Raises `Unavailable` like the next."""
    return await hashing_threads.run(_hashing.hash, password)


async def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` is behind `stored`. None, for an unknown account, costs the same and fails.

    Raises `Unavailable` (`busy_try_again`) when too many wait.
    """
    fits = await hashing_threads.run(_hashing.verify, password[: LONGEST + 1], stored or _NOBODYS_HASH)
    return fits and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's: while it is known, hash it anew."""
    return _hasher.check_needs_rehash(stored)
