"""Invitations that are over: they name an e-mail that nobody may want us to know any longer."""

from __future__ import annotations

from typing import Final

from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime

FORGET: Final = """
DELETE FROM invitations
 WHERE least(expires_at, accepted_at, revoked_at) < $1::timestamptz - interval '30 days' RETURNING 1
"""


async def forget_old_invitations(runtime: Runtime) -> int:
    """Delete invitations that expired or ended 30 days ago; how many."""
    async with runtime.database.transaction() as session:
        return len(await fetch(session, FORGET, (runtime.clock.now(),)))
