"""To which other back offices may somebody turn? The header of the back office offers them."""

from __future__ import annotations

from typing import Any

from litestar import Request

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.workplaces import recent_workplaces
from pasar.web.answering import page_facts
from pasar.web.page import WorkplaceChoice

__all__ = ["workplace_choices"]


async def workplace_choices(
    request: Request[Any, Any, Any], runtime: Runtime, context: Context
) -> tuple[WorkplaceChoice, ...]:
    """The companies where the person works, when these are several.

    A page session belongs to one company, whose pages live at its own host: the choice leads there, where the
    person signs in once. A company without a host has no pages that could be told apart from others'.
    """
    places = await recent_workplaces.get(runtime.database, context.user_id)
    if len(places) < 2:
        return ()
    _, colon, port = request.headers.get("host", "").rpartition(":")
    behind = f":{port}" if colon and port.isdigit() else ""
    return tuple(
        WorkplaceChoice(
            place.name,
            f"{request.url.scheme}://{place.hosts[0]}{behind}/admin" if place.hosts else "",
            place.company_id == context.company_id,
        )
        for place in places
    )


page_facts.workplaces = workplace_choices
