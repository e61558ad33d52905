"""Change what a company demands of those who work for it, and of those who register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Forbidden, NotFound, Unprocessable
from pasar.kernel.tenancy import Context
from pasar.people.companies.networks import MOST_NETWORKS, NetworkError, admits, normalise_networks

CHANGE = """
UPDATE companies
   SET require_second_factor = coalesce($2, require_second_factor),
       admitted_from = coalesce($3::text[], admitted_from), verify_first = coalesce($4, verify_first)
 WHERE id = $1
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class SecurityChange:
    """What to change; None leaves as it is. `admitted_from` are networks, none for everywhere."""

    require_second_factor: bool | None = None
    admitted_from: Sequence[str] | None = None
    verify_first: bool | None = None


async def change_security(session: AsyncSession, context: Context, change: SecurityChange) -> None:
    """Change it for the caller's company; it holds from the next call on, in every process.

    It takes `staff:write` as well, as these decisions protect those who have it: raises `Forbidden`
    (`security_needs_staff_write`). Nobody locks themselves out: raises `Conflict` `would_lock_you_out` for
    networks without the caller's own address, `second_factor_first` when the caller has not signed in with
    the second factor that all are to have; and `Unprocessable` (`network_malformed`).
    """
    if not context.caller.may("staff:write"):
        raise Forbidden(
            "security_needs_staff_write",
            "Only who may invite colleagues (staff:write) decides this. Ask an owner.",
        )
    if change.require_second_factor and not context.caller.has_factor:
        raise _refused(
            "second_factor_first",
            "requireSecondFactor",
            "Set up a second factor for yourself and sign in with it: else you could not come back.",
        )
    networks = None if change.admitted_from is None else _networks(change.admitted_from)
    if networks is not None and not admits(networks, context.address):
        told = f"Your own address, {context.address or 'which is unknown'}, is not among these. Add it first."
        raise _refused("would_lock_you_out", "admittedFrom", told)
    values = (change.require_second_factor, None if networks is None else list(networks), change.verify_first)
    if not await fetch(session, CHANGE, (context.company_id, *values)):
        raise NotFound("company_unknown", "There is no company with this id.")


def _networks(texts: Sequence[str]) -> tuple[str, ...]:
    try:
        networks = normalise_networks(texts)
    except NetworkError as refusal:
        error = FieldProblem("admittedFrom", "malformed", str(refusal))
        raise Unprocessable("network_malformed", str(refusal), errors=[error]) from None
    if len(networks) > MOST_NETWORKS:
        told = f"At most {MOST_NETWORKS} networks."
        error = FieldProblem("admittedFrom", "too_many", told)
        raise Unprocessable("too_many_networks", told, errors=[error])
    return networks


def _refused(code: str, field: str, told: str) -> Conflict:
    return Conflict(code, told, errors=[FieldProblem(field, code, told)])
