"""What a person asks for themselves, over the API or a page: done, and noted in the audit log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.audit.public import audit_event
from pasar.people.privacy.actions.erase_person import erase_person
from pasar.people.privacy.actions.start_export import start_export


async def ask_for_own_export(session: AsyncSession, context: Context, at: datetime) -> UUID:
    """Begin the caller's export, or find the one under way; its id. Only what begins is an entry."""
    export_id, began = await start_export(session, at=at, user_id=context.user_id)
    if began:
        await audit_event(session, context, "privacy.export_asked", "user", context.user_id)
    return export_id


async def erase_own(session: AsyncSession, runtime: Runtime, context: Context) -> UUID:
    """Erase the caller; the erasure's id. Raises what `erase_person` raises."""
    erasure_id = await erase_person(session, runtime.secrets, context.user_id, runtime.clock.now())
    await audit_event(session, context, "privacy.erased", "user", context.user_id)
    return erasure_id
