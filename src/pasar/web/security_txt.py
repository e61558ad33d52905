"""Where does one report a hole? RFC 9116."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from litestar import Response, get

from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import anyone
from pasar.kernel.runtime import Runtime

# Section 2.5.5: less than a year ahead, so that what nobody looks after is known to be stale.
GOOD_FOR: Final = timedelta(days=90)


@get("/.well-known/security.txt", guards=[anyone], include_in_schema=False)
async def security_txt(runtime: Runtime) -> Response[str]:
    """Name the contact that the operator has set; without one there is no such file."""
    contact = runtime.settings.security_contact
    if not contact:
        raise NotFound("not_found", "There is nothing at this address.")
    expires = (runtime.clock.now() + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, id\n"
    return Response(body, media_type="text/plain", headers={"Cache-Control": "max-age=86400"})
