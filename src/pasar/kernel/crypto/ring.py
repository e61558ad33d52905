"""Which key seals, which signs, which may still verify? Answers from keys that are already unwrapped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pasar.kernel.config.data_keys import ROOT_KEY_BYTES, RootKey
from pasar.kernel.crypto.sealing import SealBroken, decrypt, encrypt

KeyPurpose = Literal["data", "signing"]
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key of the installation. The present one of its purpose has no `retired_at`; `key` is None when the
    root key that wrapped it is not in `PASAR_DATA_KEYS`."""

    id: UUID
    purpose: KeyPurpose
    root_id: str
    key: bytes | None = field(repr=False)
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ring:
    """All keys, as read at one moment."""

    keys: tuple[RingKey, ...] = ()

    def present(self, purpose: KeyPurpose) -> RingKey | None:
        """The key that new values are sealed or tokens signed with; none before the first."""
        return next((key for key in self.keys if key.purpose == purpose and key.retired_at is None), None)

    def named(self, purpose: KeyPurpose, key_id: UUID) -> RingKey | None:
        """The key of this purpose with this id, present or retired."""
        return next((key for key in self.keys if key.purpose == purpose and key.id == key_id), None)

    @property
    def first_signing_at(self) -> datetime | None:
        """When the first rotation took over from the key that is derived from `JWT_SECRET`."""
        return min((key.created_at for key in self.keys if key.purpose == "signing"), default=None)

    @property
    def unreadable(self) -> tuple[RingKey, ...]:
        """Keys whose root key is missing."""
        return tuple(key for key in self.keys if key.key is None)


def fresh_key() -> bytes:
    """A new key, of the operating system's random source."""
    return os.urandom(KEY_BYTES)


def wrap(root: RootKey, key_id: UUID, purpose: KeyPurpose, key: bytes) -> bytes:
    """`key` under the root key, bound to its own id and purpose."""
    return encrypt(root.key, key, _bound(key_id, purpose))


def unwrap(
    roots: Sequence[RootKey], root_id: str, key_id: UUID, purpose: KeyPurpose, wrapped: bytes
) -> bytes | None:
    """The wrapped key; None when none of `roots` opens it."""
    root = next((root for root in roots if root.id == root_id), None)
    if root is None or len(root.key) != ROOT_KEY_BYTES:
        return None
    try:
        return decrypt(root.key, wrapped, _bound(key_id, purpose))
    except SealBroken:
        return None


def _bound(key_id: UUID, purpose: KeyPurpose) -> bytes:
    return b"secret_keys/" + key_id.bytes + purpose.encode()


def ring_of(keys: Iterable[RingKey]) -> Ring:
    """The ring of these keys, newest first."""
    return Ring(tuple(sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)))
