"""How often may somebody have us write to others?"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from pasar.kernel.errors import TooMany
from pasar.kernel.limits import FailureLimit, note_failure
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import EmailError, normalise_email

# From one network address, letters of every kind together.
PER_ADDRESS: Final = FailureLimit("letters.address", 20)


async def may_write_to(runtime: Runtime, limit: FailureLimit, recipient: str, address: str) -> bool:
    """Count a letter to `recipient` that `address` asks for; False when the recipient has had enough of them,
    known or not. Raises `TooMany` when the address has asked too often."""
    await note_failure(runtime, [(PER_ADDRESS, address)])
    try:
        await note_failure(runtime, [(limit, recipient)])
    except TooMany:
        return False
    return True


def email_as_kept(email: str) -> str:
    """The address in the form that it is looked up by; what is no address is nobody's, and as much work."""
    plain = email.replace("\0", "").strip().lower()
    with suppress(EmailError):
        plain = normalise_email(email)
    return plain
