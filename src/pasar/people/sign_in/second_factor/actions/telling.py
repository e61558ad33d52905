"""What every change of a person's factors does beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import record
from pasar.people.audit.public import audit_own_act
from pasar.people.sign_in.events import FactorChange, SecondFactorChanged


@dataclass(frozen=True, slots=True)
class Changer:
    """Who changes their own factors: the person, the sign-in that they do it with, and where."""

    user_id: UUID
    sign_in_id: UUID
    company_id: UUID


async def tell_change(
    session: AsyncSession, user_id: UUID, company_id: UUID, change: FactorChange, at: datetime
) -> None:
    """Record that the person's factors changed, or that a recovery code was used; a mail goes out.

    `company_id` is the company at which it was done.
    """
    await record(session, company_id, SecondFactorChanged(user_id=user_id, change=change), at=at)
    await audit_own_act(session, user_id, f"second_factor.{change}", company_id=company_id)
