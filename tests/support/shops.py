"""Makers of what a test needs to begin: a company with its site and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.companies.models import Company, Site


@dataclass(frozen=True, slots=True)
class Shop:
    """A company of a test's own. Send `headers` with public calls."""

    company_id: UUID
    site_id: UUID
    headers: dict[str, str] = field(default_factory=dict)


async def make_shop(
    runtime: Runtime, *, currencies: tuple[str, ...] = ("USD", "IDR"), zone: str = "UTC"
) -> Shop:
    """Make a company and its default site, reached by `x-company-id`."""
    company_id, site_id = new_id(), new_id()
    async with runtime.database.transaction() as session:
        session.add(
            Company(id=company_id, handle=f"shop-{company_id.hex[-12:]}", name="Test shop", time_zone=zone)
        )
        await session.flush()
        session.add(
            Site(
                company_id=company_id,
                id=site_id,
                name="Test shop",
                is_default=True,
                currency=currencies[0],
                currencies=list(currencies),
            )
        )
    return Shop(company_id, site_id, {"x-company-id": str(company_id)})
