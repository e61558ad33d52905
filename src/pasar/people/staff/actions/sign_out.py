"""Sign a colleague out, wherever they are signed in: a telephone is lost, a browser was left open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.tenancy import Context
from pasar.people.access.public import refuse_over_colleague
from pasar.people.audit.public import audit_event
from pasar.people.sign_in.public import sign_out_at_company


async def sign_out_colleague(session: AsyncSession, context: Context, user_id: UUID, at: datetime) -> int:
    """End all that opens this company's back office or shop for the person; how many sign-ins that were.

    They may sign in again at once. Raises what `refuse_over_colleague` raises.
    """
    await refuse_over_colleague(session, context.company_id, user_id, by=context.user_id)
    ended = await sign_out_at_company(session, user_id, context.company_id, at)
    await audit_event(session, context, "staff.signed_out", "staff", user_id, after={"signIns": ended})
    return ended
