"""Forms that only our own pages can send: a token derived from the browser's session cookie."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from litestar import Request

from pasar.kernel.errors import Forbidden
from pasar.kernel.runtime import Runtime

FIELD = "_csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def csrf_token(runtime: Runtime, cookie: str) -> str:
    """The token that forms of the session `cookie` carry."""
    return hmac.new(runtime.key("csrf"), cookie.encode(), hashlib.sha256).hexdigest()


async def refuse_forged(request: Request[Any, Any, Any], runtime: Runtime, cookie: str | None) -> None:
    """Raise `Forbidden` unless a changing request carries its session's token."""
    if request.method in SAFE_METHODS:
        return
    form = await request.form()
    given = form.get(FIELD)
    if (
        cookie is None
        or not isinstance(given, str)
        or not hmac.compare_digest(given.encode(errors="replace"), csrf_token(runtime, cookie).encode())
    ):
        raise Forbidden(
            "form_expired",
            "This form is too old, or your browser keeps no cookies. Open the page again and resend it.",
        )
