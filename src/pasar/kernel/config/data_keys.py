"""Which root keys does the installation have? `PASAR_DATA_KEYS`, the first of which is the present one."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

ROOT_KEY_BYTES: Final = 32
# Of 32 random bytes fewer than 20 are different once in 10**9 times: such a key was typed, not drawn.
LEAST_DIFFERENT: Final = 20
ADVICE: Final = 'make one with: echo "k1:$(openssl rand -base64 32)"'

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class RootKey:
    """A key of 32 bytes that wraps the keys in the database; `id` says which one wrapped."""

    id: str
    key: bytes = field(repr=False)


def root_keys_from(text: str, problems: list[str]) -> tuple[RootKey, ...]:
    """The root keys in `id:base64,id:base64…`; what is wrong with them goes to `problems`, never the keys."""
    keys: list[RootKey] = []
    for number, entry in enumerate((part.strip() for part in text.split(",")), start=1):
        name, _, encoded = entry.partition(":")
        key = _decoded(encoded)
        if not _ID.fullmatch(name) or key is None:
            problems.append(
                f"PASAR_DATA_KEYS: entry {number} must be id:key, the id of letters, digits, - and _, "
                f"the key 32 bytes in base64; {ADVICE}"
            )
        elif len(set(key)) < LEAST_DIFFERENT:
            problems.append(f"PASAR_DATA_KEYS: key {name} is weak: it must be drawn at random; {ADVICE}")
        elif any(name == other.id for other in keys):
            problems.append(f"PASAR_DATA_KEYS: the id {name} is there twice. Give each key an id of its own.")
        else:
            keys.append(RootKey(name, key))
    return tuple(keys)


def _decoded(text: str) -> bytes | None:
    """The 32 bytes behind base64 of either alphabet, padded or not."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == ROOT_KEY_BYTES else None
