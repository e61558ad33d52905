"""Requests for a proof that are over: each names an address or a number."""

from __future__ import annotations

from typing import Final

from pasar.kernel.runtime import Runtime

FORGET: Final = "DELETE FROM proofs WHERE expires_at < $1::timestamptz - interval '1 day' RETURNING 1"


async def forget_old_proofs(runtime: Runtime) -> int:
    """Delete requests that expired a day ago; how many."""
    return len(await runtime.database.rows(FORGET, runtime.clock.now()))
