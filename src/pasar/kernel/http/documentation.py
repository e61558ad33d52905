"""The OpenAPI document as JSON. The page that people browse is `web`'s."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get

from pasar.kernel.http.guards import anyone


@get("/api/openapi.json", guards=[anyone], include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 document of everything that this process serves."""
    body = msgspec.json.encode(request.app.openapi_schema.to_schema())
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-cache"})


DOCUMENTATION_ROUTES = [openapi_document]
