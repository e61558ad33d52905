"""Which company do staff act for in this call?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from pasar.kernel.errors import BadRequest, Forbidden


def staff_company(companies: Collection[UUID], named: UUID | None) -> UUID:
    """The company that staff of `companies` act for; `named` is what the call names by `x-company-id`.

    Staff of one company act for it; members of several name theirs (`spec/decisions.md`). Raises `Forbidden`
    (`company_mismatch`) for a company where the caller does not work, `BadRequest` (`company_required`, with
    the ids of the caller's own `companies`) when several are possible and none is named. `companies` is not
    empty.
    """
    if named is not None:
        if named not in companies:
            raise Forbidden("company_mismatch", "You do not work for the company that x-company-id names.")
        return named
    if len(companies) > 1:
        told = "You work for several companies: name one by x-company-id."
        raise BadRequest("company_required", told, companies=sorted(str(one) for one in companies))
    return next(iter(companies))
