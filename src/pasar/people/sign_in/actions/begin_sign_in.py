"""Note that somebody has come in, from where and with what."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.people.audit.public import audit_own_act
from pasar.people.sign_in.new_devices import note_new_device
from pasar.people.sign_in.person import Device

log = structlog.get_logger(__name__)

SignInKind = Literal["tokens", "pages"]

INSERT = """
INSERT INTO sign_ins
    (id, user_id, company_id, kind, agent, address, created_at, last_seen_at, confirmed_at, second_factor_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
"""


async def begin_sign_in(
    session: AsyncSession,
    user_id: UUID,
    *,
    company_id: UUID | None,
    kind: SignInKind,
    device: Device,
    at: datetime,
    at_company: UUID | None = None,
) -> UUID:
    """Open a sign-in and answer its id, which tokens carry as `sid`.

    `company_id` is the customer's company, or the one whose pages are seen; None for tokens of staff. Who
    comes in has just proved to be there: that counts as the first confirmation. `at_company` is the company
    at whose site this is, where `company_id` is None. A device that is new to the person is told as a fact.
    """
    sign_in_id = new_id()
    factor_at = at if device.second_factor else None
    arguments = (sign_in_id, user_id, company_id, kind, device.agent, device.address, at, factor_at)
    await fetch(session, INSERT, arguments)
    told_at = company_id or at_company
    if told_at is not None:
        await note_new_device(session, told_at, user_id, sign_in_id, device.agent, at)
    after = {"kind": kind, "secondFactor": device.second_factor}
    await audit_own_act(
        session, user_id, "sign_in.began", "sign_in", sign_in_id, company_id=told_at, after=after
    )
    log.info(
        "sign_in.began",
        userId=str(user_id),
        companyId=str(told_at) if told_at else None,
        signInId=str(sign_in_id),
        kind=kind,
        secondFactor=device.second_factor,
    )
    return sign_in_id
