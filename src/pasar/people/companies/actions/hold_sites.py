"""Let one change at a time be made to a company's sites, and to the hosts of the world."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem

# Which site is the default is decided among all of them, so the company's row stands for all.
HOLD = "SELECT id FROM companies WHERE id = $1 FOR NO KEY UPDATE"
# Of two that ask for one host at once, the second waits here, and then sees the first one's row.
HOLD_HOSTS = "SELECT pg_advisory_xact_lock(hashtextextended('pasar.sites.hosts', 0))"
TAKEN = "SELECT 1 FROM sites WHERE lower(host) = $1 AND ($2::uuid IS NULL OR id <> $2)"
RUNS_ALL = "SELECT 1 FROM companies WHERE id = $1 AND is_platform"
RELIEVE = "UPDATE sites SET is_default = false WHERE company_id = $1 AND is_default"


async def hold_sites(session: AsyncSession, company_id: UUID) -> None:
    """Until the transaction ends, nobody else changes this company's sites."""
    await fetch(session, HOLD, (company_id,))


async def hold_host(session: AsyncSession, host: str | None, *, but: UUID | None) -> None:
    """Until the transaction ends, nobody else takes a host. `host` is normalised; `but` may have it already.

    Raises `Conflict` (`host_taken`), which does not say whose it is.
    """
    if host is None:
        return
    await fetch(session, HOLD_HOSTS)
    if await fetch(session, TAKEN, (host, but)):
        raise _taken()


async def leave_installation_host(
    session: AsyncSession, company_id: UUID, host: str | None, public_url: str
) -> None:
    """Leave the host of `PASAR_PUBLIC_URL` to the company that runs the installation: links of all companies
    lead there. `host` is normalised. Raises `Conflict` (`host_taken`)."""
    installation = (urlsplit(public_url).hostname or "").removesuffix(".")
    if host and host == installation and not await fetch(session, RUNS_ALL, (company_id,)):
        raise _taken()


def _taken() -> Conflict:
    told = "A site answers at this host already. Choose another one."
    return Conflict("host_taken", told, errors=[FieldProblem("host", "taken", told)])
