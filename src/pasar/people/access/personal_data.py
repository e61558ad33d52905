"""What access holds of a person: where they work, and invitations to do so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

MEMBERSHIPS: Final = "SELECT company_id, role FROM company_roles WHERE user_id = $1 ORDER BY company_id"
INVITATIONS: Final = """
SELECT company_id, id, email, role, locale, created_at, sent_at, expires_at, accepted_at, revoked_at
  FROM invitations
 WHERE accepted_by = $1
    OR (accepted_by IS NULL AND email = ANY ($2::text[])
        AND ($3::uuid[] IS NULL OR company_id = ANY ($3::uuid[])))
 ORDER BY created_at, id
"""
# The rows of all owners are locked, so that two owners who leave at once do not both count on the other.
# Owners who can no longer sign in do not count, as where roles are changed.
OWNERS: Final = """
SELECT m.company_id, m.user_id, u.is_active FROM memberships m
  JOIN user_accounts u ON u.user_id = m.user_id
 WHERE m.role = 'owner'
   AND m.company_id IN (SELECT company_id FROM memberships WHERE user_id = $1 AND role = 'owner')
 ORDER BY m.company_id, m.user_id FOR UPDATE OF m
"""
FORGET_MEMBERSHIPS: Final = "DELETE FROM memberships WHERE user_id = $1"
FORGET_INVITATIONS: Final = """
DELETE FROM invitations
 WHERE accepted_by = $1
    OR (accepted_by IS NULL AND email = ANY ($2::text[])
        AND ($3::uuid[] IS NULL OR company_id = ANY ($3::uuid[])))
"""


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's roles, and invitations to addresses that are theirs."""
    return {
        "memberships": await facts(session, MEMBERSHIPS, (subject.user_id,)),
        "invitations": await facts(session, INVITATIONS, _invited(subject)),
    }


async def refuse(session: AsyncSession, subject: Subject) -> None:
    """Raise `Conflict` (`last_owner`) for whoever would leave a company without an owner."""
    rows = await fetch(session, OWNERS, (subject.user_id,))
    others = {
        company_id for company_id, user_id, is_active in rows if is_active and user_id != subject.user_id
    }
    if any(company_id not in others for company_id, _, _ in rows):
        raise Conflict(
            "last_owner",
            "You are the last owner of a company. Make somebody else its owner first, then erase your "
            "account.",
        )


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Leave every company, and take along what invited there."""
    await fetch(session, FORGET_MEMBERSHIPS, (subject.user_id,))
    await fetch(session, FORGET_INVITATIONS, _invited(subject))
    return True


def _invited(subject: Subject) -> tuple[object, ...]:
    """The arguments that say which invitations are the person's."""
    return subject.user_id, list(subject.proved), subject.scope


register_personal_data(
    PersonalData(
        name="work",
        purpose="To let you do your work for a company",
        retention="As long as you work there; invitations 30 days after they are over",
        export=export,
        erase=erase,
        refuse=refuse,
        order=30,
    )
)
