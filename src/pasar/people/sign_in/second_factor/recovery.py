"""What does a recovery code look like, and how is it stored? Pure."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pasar.kernel.ids import hash_token, people_code

HOW_MANY: Final = 10
GROUPS: Final = 4
# Crockford's base32 lets people write O for 0, I and L for 1.
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_codes() -> list[str]:
    """Ten codes such as `7K3F-9QWE-1ZX8-M4TB`: 80 random bits each, so that a fast hash hides them."""
    return ["-".join(people_code(4) for _ in range(GROUPS)) for _ in range(HOW_MANY)]


def recovery_hash(user_id: UUID, code: str) -> bytes:
    """What is stored of a person's code, however it is typed: case, spaces and hyphens do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_READ_AS)
    return hash_token(f"{user_id}:{plain}")
