"""Change one's own name and phone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

# Another number is a number that nobody has proved to hold.
USER = """
UPDATE users SET name = coalesce($2, name), phone = CASE WHEN $4::boolean THEN $3 ELSE phone END,
       phone_verified_at = CASE WHEN $4::boolean AND phone IS DISTINCT FROM $3 THEN NULL
                                ELSE phone_verified_at END
 WHERE id = $1
"""
CUSTOMER = """
UPDATE customers SET name = coalesce($3, name), phone = CASE WHEN $5::boolean THEN $4 ELSE phone END
 WHERE company_id = $1 AND user_id = $2
"""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What changes, normalised. `name` None leaves it; `phone` counts when given, None then removes it."""

    name: str | None = None
    phone: str | None = None
    phone_given: bool = False


async def change_profile(
    session: AsyncSession, company_id: UUID, user_id: UUID, change: ProfileChange
) -> None:
    """Change the person's account, and the customer record at the company that is being visited.

    Records at other companies stay what those companies were told.
    """
    values = (change.name, change.phone, change.phone_given)
    await fetch(session, USER, (user_id, *values))
    await fetch(session, CUSTOMER, (company_id, user_id, *values))
