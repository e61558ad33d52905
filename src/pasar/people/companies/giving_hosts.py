"""Who may give a site another host?

Links in mails about accounts, passkeys and sign-in by other providers go by the host. Whoever chooses it
could have everybody's links sent to themselves, the owners' included, so that it takes more than
`sites:write`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pasar.kernel.errors import FieldProblem, Forbidden
from pasar.kernel.http.guards import require_step_up
from pasar.kernel.tenancy import Context

__all__ = ["HOST_PERMISSION", "require_host_right"]

HOST_PERMISSION: Final = "staff:write"


def require_host_right(context: Context, now: datetime) -> None:
    """Let pass a person who may `staff:write` and has proved lately that it is still them.

    Raises `Forbidden`: `people_only` for API keys, `host_needs_staff_write`, `step_up_required`.
    """
    _ = context.user_id
    if not context.caller.may(HOST_PERMISSION):
        told = "Only who may invite colleagues (staff:write) gives a site another host. Ask an owner."
        error = FieldProblem("host", "needs_staff_write", told)
        raise Forbidden("host_needs_staff_write", told, errors=[error])
    require_step_up(context, now)
