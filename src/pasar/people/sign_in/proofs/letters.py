"""To whom does the letter of a request go, and what may it say?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.people.sign_in.proof_kinds import ProofKind

# Of a number whose account has an e-mail that was verified: where a code may go when no text can be sent.
LETTER = """
SELECT p.id, p.kind, p.company_id, p.site_id, p.recipient, p.locale, p.user_id, coalesce(u.name, '') AS name,
       coalesce((SELECT a.email FROM user_accounts a
                  WHERE p.kind = 'phone_code' AND a.phone = p.recipient AND a.is_active
                    AND a.phone_verified_at IS NOT NULL AND a.email_verified_at IS NOT NULL), '')
       AS verified_email
  FROM proofs p LEFT JOIN user_accounts u ON u.user_id = p.user_id
 WHERE p.id = $1
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about an account. `recipient` is an e-mail address, or a number for `phone_code`; it is empty
    when nobody is to be told. `verified_email` is the other way for a code; empty when there is none."""

    id: UUID
    kind: ProofKind
    company_id: UUID
    site_id: UUID
    recipient: str
    locale: str
    user_id: UUID | None
    name: str
    verified_email: str


async def letter_of(source: AsyncSession | Database, request_id: UUID) -> Letter | None:
    """The letter of a request, if that is still there."""
    if isinstance(source, Database):
        row = await source.row(LETTER, request_id)
    else:
        row = next(iter(await fetch(source, LETTER, (request_id,))), None)
    return Letter(*row) if row else None
