"""Reads of memberships."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

ROLE = "SELECT role FROM memberships WHERE company_id = $1 AND user_id = $2"


async def role_in(session: AsyncSession, company_id: UUID, user_id: UUID) -> str | None:
    """The person's role in the company, or None for those who do not work there."""
    rows = await fetch(session, ROLE, (company_id, user_id))
    return rows[0][0] if rows else None
