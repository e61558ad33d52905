"""Who hears of a lock on proofs? Whoever got that far knows the password, or sits at the account.

Of wrong passwords at sign-in only the audit log is told (`checking.py`): anybody may guess those, and a mail
for each such guess would be a way to pester people.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from pasar.kernel.acting import Acting, calling_now
from pasar.kernel.errors import TooMany
from pasar.kernel.events import record
from pasar.kernel.limits import FailureLimit, note_failure
from pasar.kernel.runtime import Runtime
from pasar.people.audit.public import audit_event
from pasar.people.sign_in.events import ProvingLocked, ProvingStep

log = structlog.get_logger(__name__)

# Failures that come slowly lock again and again within one window: the person is told of the first.
TOLD: Final[dict[ProvingStep, FailureLimit]] = {
    "second_factor": FailureLimit("second_factor.told", 1),
    "step_up": FailureLimit("step_up.told", 1),
}


async def tell_locked(runtime: Runtime, user_id: UUID, step: ProvingStep) -> None:
    """Note in the audit log that `step` is locked for this person for a while, and from where it was tried;
    tell the person by mail, at most once in 15 minutes. Without a call, and so without a shop, no mail.
    """
    who = calling_now() or Acting(kind="customer")
    log.warning(f"{step}.locked", userId=str(user_id))
    is_news = await _is_news(runtime, TOLD[step], user_id)
    async with runtime.database.transaction() as session:
        await audit_event(session, who, f"{step}.locked", "account", user_id, whence_kept=True)
        if is_news and who.company_id is not None:
            fact = ProvingLocked(user_id=user_id, change=step)
            await record(session, who.company_id, fact, at=runtime.clock.now())


async def _is_news(runtime: Runtime, limit: FailureLimit, user_id: UUID) -> bool:
    try:
        await note_failure(runtime, [(limit, str(user_id))])
    except TooMany:
        return False
    return True
