"""Reads of the audit log for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from pasar.kernel.runtime import Runtime

ENTRIES = """
SELECT id, at, actor_kind, actor_id, actor_name, action, object_type, object_id, before::text, after::text,
       withheld, person_id, sealed, address, agent, request_id
  FROM audit_entries WHERE company_id = $1 ORDER BY at
"""


async def entries_of(runtime: Runtime, company_id: UUID) -> list[dict[str, Any]]:
    """The company's entries in the order of writing; `before` and `after` decoded."""
    found = [dict(row) for row in await runtime.database.rows(ENTRIES, company_id)]
    for entry in found:
        for side in ("before", "after"):
            entry[side] = None if entry[side] is None else msgspec.json.decode(entry[side])
    return found
