"""What the audit log holds of a person, told through its door: it stands below this module."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.people.audit.public import entries_about
from pasar.people.privacy.personal_data import PersonalData, Subject, Told, register_personal_data


async def export(session: AsyncSession, subject: Subject) -> Told:
    """What the person did, and what concerns them."""
    return {"entries": await entries_about(session, subject.user_id) if subject.user_id else []}


async def erase(_session: AsyncSession, _subject: Subject, _at: datetime) -> bool:
    """Nothing: its rows cannot change. What was personal opens by the person's key, which is destroyed."""
    return True


register_personal_data(
    PersonalData(
        name="audit",
        purpose="To find out who changed what, when something went wrong",
        retention="Seven years; what is yours in it is unreadable once you are erased",
        export=export,
        erase=erase,
    )
)
