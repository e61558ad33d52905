"""What names a thing: row ids for machines, secret tokens for guests, short codes for people."""

import hashlib
import secrets
import uuid
from datetime import date
from typing import Final

from uuid_utils.compat import uuid7

__all__ = ["hash_token", "new_id", "new_token", "order_number", "parse_id", "people_code"]

_CANONICAL_LENGTH: Final = 36
_TOKEN_BYTES: Final = 32

# Crockford's base32: no I, L, O or U, so that a code read aloud or from paper comes back the same.
_PEOPLE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A UUIDv7: unique everywhere and rising within a process, so that index pages fill in order."""
    return uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """Read an id in its canonical form (36 characters with hyphens, any case), else None.

    Only that form: the braces, URNs and bare hexadecimal that `uuid.UUID` also takes would give one row
    several addresses.
    """
    if len(text) != _CANONICAL_LENGTH:
        return None
    try:
        value = uuid.UUID(text)
    except ValueError:
        return None
    return value if str(value) == text.lower() else None


def new_token() -> str:
    """A secret of 32 random bytes as 64 hexadecimal digits: given away once, stored as its `hash_token`."""
    return secrets.token_hex(_TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """SHA-256 of a token, 32 bytes: what is stored and looked up.

    A fast hash is right here, unlike for passwords: 256 random bits cannot be guessed.
    """
    return hashlib.sha256(token.encode()).digest()


def people_code(length: int = 5) -> str:
    """Random Crockford base32 for people to read and type: 32 ** length codes, so callers retry on a clash.

    Raises ValueError for a length under 1.
    """
    if length < 1:
        raise ValueError("a code has at least one character")
    return "".join(secrets.choice(_PEOPLE_ALPHABET) for _ in range(length))


def order_number(day: date, code: str) -> str:
    """Such as ORD-20261120-7K3F9: the day in the company's zone and a `people_code` (decisions, "Order")."""
    return f"ORD-{day.year:04d}{day.month:02d}{day.day:02d}-{code}"
