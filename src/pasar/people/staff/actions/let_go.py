"""End a person's work for the company."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.people.access.public import remove_member
from pasar.people.sign_in.public import revoke_at_company


async def let_go(session: AsyncSession, company_id: UUID, user_id: UUID, *, by: UUID, at: datetime) -> None:
    """End the membership, and the person's sign-ins as staff here. API keys that they made go on.

    Raises what `remove_member` raises.
    """
    await remove_member(session, company_id, user_id, by=by)
    await revoke_at_company(session, user_id, company_id, at)
