"""Is this somebody whom a company that verifies first does not let in yet, by whatever way they come?"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Unauthorised

__all__ = ["refuse_unproved"]

# Staff were let in by whoever invited them; a phone is proved by its code, and signs in where no e-mail is.
UNPROVED: Final = """
SELECT 1 FROM company_demands d JOIN user_accounts u ON u.user_id = $2
 WHERE d.company_id = $1 AND d.verify_first
   AND u.email_verified_at IS NULL AND u.phone_verified_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM company_roles r WHERE r.company_id = $1 AND r.user_id = $2)
"""


async def refuse_unproved(session: AsyncSession, company_id: UUID, user_id: UUID) -> None:
    """Raise `Unauthorised` (`not_verified`) for who has proved neither e-mail nor phone, where the company
    lets in by a verified e-mail only. One indexed read."""
    if await fetch(session, UNPROVED, (company_id, user_id)):
        raise Unauthorised(
            "not_verified", "The e-mail is not verified yet: open the link in our mail, or ask for a new one."
        )
