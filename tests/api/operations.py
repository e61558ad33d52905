"""Every operation of the API, by the routes themselves, so that tests can be made of each."""

from __future__ import annotations

import os
import re

from litestar.handlers import HTTPRouteHandler

from pasar.roles.registry import MODULES

LARGE = os.environ.get("PASAR_TEST_LARGE") == "1"
TYPED = re.compile(r"{([^:}]+):[^}]+}")


def operations() -> list[tuple[str, str]]:
    """Method and path, as the OpenAPI document writes them, of each described route of the modules."""
    found: set[tuple[str, str]] = set()
    for module in MODULES:
        for handler in module.routes:
            if isinstance(handler, HTTPRouteHandler) and handler.include_in_schema is not False:
                paths = [TYPED.sub(r"{\1}", path) for path in handler.paths]
                found |= {(str(method), path) for method in handler.http_methods for path in paths}
    return sorted(found, key=lambda found: (found[1], found[0]))
