"""Let a person work for a company."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.access.roles import ROLES

PUT = """
INSERT INTO memberships (company_id, user_id, role) VALUES ($1, $2, $3)
ON CONFLICT (company_id, user_id) DO UPDATE SET role = excluded.role, custom_role_id = NULL
"""


async def add_member(session: AsyncSession, company_id: UUID, user_id: UUID, role: str) -> None:
    """Make the person staff of the company, or give present staff another role.

    Raises `ValueError` for a role that is not in `ROLES`: roles come from our own code, never from a body.
    """
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}: choose one of {', '.join(ROLES)}")
    await fetch(session, PUT, (company_id, user_id, role))
