"""Ask for a proof: a row now, its letter later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.events import FACTS
from pasar.people.sign_in.proof_kinds import ProofKind, life_of

INSERT = """
INSERT INTO proofs (id, user_id, company_id, site_id, kind, recipient, locale, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """At which shop, and in which language, somebody asks."""

    site: Site
    locale: str


async def request_proof(
    session: AsyncSession,
    runtime: Runtime,
    asking: Asking,
    kind: ProofKind,
    *,
    user_id: UUID | None,
    recipient: str,
    told: Mapping[str, object] | None = None,
) -> UUID:
    """Note the request with its fact, in the caller's transaction, and answer its id. Two statements.

    Both are made for unknown people as well, with an empty `recipient`: nobody is written to, and nobody can
    tell from the work that there is no such account. `told` are further fields of the kind's fact.
    """
    proof_id, site, at = new_id(), asking.site, runtime.clock.now()
    expires_at = at + life_of(kind, runtime.settings)
    values = (proof_id, user_id, site.company_id, site.id, kind, recipient, asking.locale, at, expires_at)
    await fetch(session, INSERT, values)
    await record(
        session, site.company_id, FACTS[kind](request_id=proof_id, user_id=user_id, **(told or {})), at=at
    )
    return proof_id
