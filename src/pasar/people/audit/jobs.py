"""What the audit log does by the clock: it links each minute, and tells the chain's end each day."""

from __future__ import annotations

from typing import Final

import structlog

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.people.audit.linking import link_entries

log = structlog.get_logger(__name__)

ENDS: Final = """
SELECT DISTINCT ON (company_id) company_id, position, hash FROM audit_links ORDER BY company_id, position DESC
"""


async def _link(runtime: Runtime) -> None:
    await link_entries(runtime.database)


async def tell_ends(runtime: Runtime) -> None:
    """A log line per company with the chain's end: kept where logs are kept, it anchors the chain outside."""
    for row in await runtime.database.rows(ENDS):
        log.info("audit.anchor", companyId=str(row[0]), anchor=f"{row[1]}:{row[2].hex()}")


AUDIT_SCHEDULES: Final = (
    Schedule("audit.link", "* * * * *", _link),
    Schedule("audit.anchor", "5 0 * * *", tell_ends),
)
