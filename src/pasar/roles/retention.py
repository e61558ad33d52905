"""How long is what kept, and why? The one table; `docs/privacy.md` shows it, held by a test.

Rows with `forget` are run by one nightly schedule; the others name the schedule that runs them already.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from pasar.delivery.notifications.forgetting import forget_old_messages
from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.people.access.forgetting import forget_old_invitations
from pasar.people.privacy.exports import forget_exports
from pasar.people.sign_in.proofs.forgetting import forget_old_proofs

log = structlog.get_logger(__name__)

Forget = Callable[[Runtime], Awaitable[int]]
NIGHTLY: Final = "privacy.forget_what_is_over"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for how long, for which reason, and what ends it."""

    what: str
    period: str
    reason: str
    schedule: str = NIGHTLY
    forget: Forget | None = None


RETENTION: Final = (
    Kept(
        "Sign-ins with device and address",
        "90 days after the last use",
        "to show people where they are signed in",
        "sign_in.forget_what_is_over",
    ),
    Kept(
        "Refresh tokens and page sessions",
        "until they expire, and a day",
        "to notice a copied one",
        "sign_in.forget_what_is_over",
    ),
    Kept(
        "Failed attempts",
        "1 day",
        "to slow down guessing; of accounts and addresses only hashes",
        "kernel.forget_what_is_over",
    ),
    Kept("Answers to repeated calls", "1 day", "to do a call once", "kernel.forget_what_is_over"),
    Kept(
        "Challenges of second factors", "10 minutes", "to finish a sign-in", "second_factor.forget_challenges"
    ),
    Kept(
        "Requests for a proof (links and codes)",
        "1 day after they are over",
        "to limit how many are sent",
        forget=forget_old_proofs,
    ),
    Kept(
        "Recipients and subjects of messages",
        "90 days",
        "to find out what was sent when somebody asks",
        forget=forget_old_messages,
    ),
    Kept(
        "Bodies of mails in the development mailbox",
        "90 days",
        "never kept in production",
        forget=forget_old_messages,
    ),
    Kept("Files of personal data", "7 days", "to be fetched", forget=forget_exports),
    Kept("Invitations that are over", "30 days", "to see who was asked", forget=forget_old_invitations),
    Kept("Carts", "30 days without use, or what the shop says", "to go on with shopping", "carts.expire"),
    Kept("Orders under way of the erased", "until they are over", "to bring them", "privacy.finish_erasures"),
    Kept("Audit log", "7 years", "to find out who changed what", "audit.link"),
)


async def forget_what_is_over(runtime: Runtime) -> None:
    """Run every row's `forget` once; one that fails keeps none of the others, and is raised at the end."""
    problems: list[Exception] = []
    with acting_as(Acting(kind="job", name=NIGHTLY)):
        for forget in dict.fromkeys(row.forget for row in RETENTION if row.forget is not None):
            try:
                log.info("privacy.forgot", what=forget.__name__, rows=await forget(runtime))
            except Exception as problem:
                problems.append(problem)
    if problems:
        raise ExceptionGroup("not everything was forgotten", problems)


RETENTION_SCHEDULES = (Schedule(NIGHTLY, "50 3 * * *", forget_what_is_over),)
