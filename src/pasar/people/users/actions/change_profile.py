"""Change one's own name, phone and language."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.audit.public import audit_own_act

# Another number is a number that nobody has proved to hold.
USER = """
UPDATE users SET name = coalesce($2, name), phone = CASE WHEN $4::boolean THEN $3 ELSE phone END,
       phone_verified_at = CASE WHEN $4::boolean AND phone IS DISTINCT FROM $3 THEN NULL
                                ELSE phone_verified_at END,
       locale = CASE WHEN $6::boolean THEN $5 ELSE locale END
 WHERE id = $1
"""
FORMER = "SELECT name, phone, locale FROM users WHERE id = $1 FOR UPDATE"
CUSTOMER = """
UPDATE customers SET name = coalesce($3, name), phone = CASE WHEN $5::boolean THEN $4 ELSE phone END
 WHERE company_id = $1 AND user_id = $2
"""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What changes, normalised. `name` None leaves it; `phone` and `locale` count when given, and None then
    removes them. `locale` is one of those spoken here: pages speak it, unless the browser chose another."""

    name: str | None = None
    phone: str | None = None
    phone_given: bool = False
    locale: str | None = None
    locale_given: bool = False


async def change_profile(
    session: AsyncSession, company_id: UUID, user_id: UUID, change: ProfileChange
) -> None:
    """Change the person's account, and the customer record at the company that is being visited.

    Records at other companies stay what those companies were told.
    """
    (former,) = await fetch(session, FORMER, (user_id,)) or [(None, None, None)]
    values = (change.name, change.phone, change.phone_given)
    await fetch(session, USER, (user_id, *values, change.locale, change.locale_given))
    await fetch(session, CUSTOMER, (company_id, user_id, *values))
    given = {
        "name": (former[0], change.name if change.name is not None else former[0]),
        "phone": (former[1], change.phone if change.phone_given else former[1]),
        "locale": (former[2], change.locale if change.locale_given else former[2]),
    }
    changed = {name: sides for name, sides in given.items() if sides[0] != sides[1]}
    if changed:
        await audit_own_act(session, user_id, "account.changed", company_id=company_id, personal=changed)
