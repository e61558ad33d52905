"""What is a sealed value? AES-256-GCM (NIST SP 800-38D) under a data key that the value names.

    1 byte version | 16 bytes id of the data key | 12 bytes nonce, random | ciphertext and 16 bytes tag

The tag covers purpose and context as well, each with its length before it, and the head. A random nonce of 96
bits is good for 2**32 values a key (section 8.3 there); keys rotate long before.
"""

from __future__ import annotations

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
HEAD_BYTES: Final = len(VERSION) + 16


class SealBroken(Exception):
    """A value that does not open: changed, moved to another place, or of a key that is not there."""


def context_of(*parts: object) -> bytes:
    """The context of a value that belongs to these ids or names, in their order."""
    return _framed(*(str(part).encode() for part in parts))


def seal_with(key_id: UUID, key: bytes, plain: bytes, *, purpose: str, context: bytes) -> bytes:
    """Seal `plain` under the data key `key` of 32 bytes."""
    head = VERSION + key_id.bytes
    return head + encrypt(key, plain, _bound(head, purpose, context))


def key_of(sealed: bytes) -> UUID:
    """The id of the data key that sealed a value. Raises `SealBroken` when it is no sealed value."""
    if len(sealed) < HEAD_BYTES + NONCE_BYTES + TAG_BYTES or sealed[:1] != VERSION:
        raise SealBroken("not a sealed value")
    return UUID(bytes=sealed[1:HEAD_BYTES])


def open_with(key: bytes, sealed: bytes, *, purpose: str, context: bytes) -> bytes:
    """What was sealed. Raises `SealBroken` unless key, purpose, context and every byte are right."""
    return decrypt(key, sealed[HEAD_BYTES:], _bound(sealed[:HEAD_BYTES], purpose, context))


def encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Nonce, ciphertext and tag of `plain`, bound to `bound`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def decrypt(key: bytes, hidden: bytes, bound: bytes) -> bytes:
    """What `encrypt` hid. Raises `SealBroken`."""
    try:
        return AESGCM(key).decrypt(hidden[:NONCE_BYTES], hidden[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SealBroken("changed, or sealed for another purpose or place") from None


def _bound(head: bytes, purpose: str, context: bytes) -> bytes:
    return head + _framed(purpose.encode(), context)


def _framed(*parts: bytes) -> bytes:
    """Parts with their lengths, so that no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
