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


async def tell_change(session: AsyncSession, changer: Changer, change: FactorChange, at: datetime) -> None:
    """Record that the person's factors changed; a mail goes out."""
    fact = SecondFactorChanged(user_id=changer.user_id, change=change)
    await record(session, changer.company_id, fact, at=at)
    await audit_own_act(session, changer.user_id, f"second_factor.{change}", company_id=changer.company_id)
