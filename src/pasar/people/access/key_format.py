"""What does an API key look like? `pasar_`, 8 hexadecimal digits that are shown, `_`, and 43 that are not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

from pasar.kernel.ids import hash_token

BEGINS: Final = "pasar_"
LONGEST_KEY: Final = 200
"""Characters that are hashed at most: what is longer is no key of ours."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A key as it is given away once, what of it is shown later, and its hash, which is stored."""

    key: str = field(repr=False)
    prefix: str
    key_hash: bytes = field(repr=False)


def new_secret() -> NewSecret:
    """A key with 32 random bytes behind its prefix; those are all that makes it a secret."""
    prefix = BEGINS + secrets.token_hex(4)
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    return NewSecret(key, prefix, hash_token(key))


def key_hash(key: str) -> bytes:
    """What is looked up. Text that is no key costs the same as one."""
    return hash_token(key[:LONGEST_KEY].encode("utf-8", "replace").decode())
