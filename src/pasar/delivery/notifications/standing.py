"""What has a shop to do with a person to whom it is to write about the account, and where may its links lead?

There is one account for all shops of the installation, and the shop where somebody asks is chosen by whoever
asks, its host by its owner. What opens the account everywhere goes neither out in the name of a shop that has
nothing to do with the person, nor, for who works somewhere, to the host of a shop where they only buy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import settled_host

__all__ = ["Standing", "host_of_work", "standing_of"]

STANDING: Final = """
SELECT ARRAY(SELECT company_id FROM company_roles WHERE user_id = $1
              ORDER BY company_id <> $2, company_id) AS workplaces,
       EXISTS (SELECT 1 FROM customer_accounts WHERE user_id = $1 AND company_id = $2) AS buys_here,
       EXISTS (SELECT 1 FROM customer_accounts WHERE user_id = $1) AS buys
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_known`: the person works or buys at the company, or nowhere at all, having just registered there.
    `workplaces` are the companies where they work, that one first."""

    is_known: bool
    workplaces: tuple[UUID, ...]


async def standing_of(runtime: Runtime, user_id: UUID, company_id: UUID) -> Standing:
    """How the person stands with the company. Three indexed reads in one statement."""
    row = await runtime.database.row(STANDING, user_id, company_id)
    assert row is not None, "it has no FROM"
    workplaces = tuple(row["workplaces"])
    nowhere = not workplaces and not row["buys"]
    return Standing(company_id in workplaces or row["buys_here"] or nowhere, workplaces)


async def host_of_work(runtime: Runtime, standing: Standing, site_id: UUID) -> str | None:
    """The host to which links lead who works somewhere: none where `PASAR_PUBLIC_URL` begins them, else a
    settled one of a workplace (`people.companies.link_host`), `site_id`'s own if it is one of theirs."""
    if runtime.settings.public_url:
        return None
    now = runtime.clock.now()
    for company_id in standing.workplaces:
        if host := await settled_host(runtime.database, company_id, site_id, now):
            return host
    return None
