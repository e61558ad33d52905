"""Which path may the log tell? One that holds a key to something is told without it."""

from __future__ import annotations

import re
from typing import Any, Final

UNROUTED: Final = "unrouted"

# A secret is 64 hexadecimal digits (`new_token`); API keys and parts of signed tokens are as long.
# Who reads 39 digits of 64 has 100 bits to guess. Ids, and words of addresses between dashes, are shorter.
KEYS: Final = re.compile(r"[0-9A-Za-z_]{40,}")
MASKED: Final = "[masked]"


def template_of(scope: Any) -> str:
    """The pattern of the route that was called, `unrouted` without one."""
    template: str = scope.get("path_template") or UNROUTED
    return template


def told_path(scope: Any) -> str:
    """The path as the log tells it: a pattern where its place of a token has a name (`{token}`).

    Everywhere else, such as in a mistyped link that no route has or in the name of an upload, whatever is as
    long as a secret is masked.
    """
    template = template_of(scope)
    return template if "{token" in template else KEYS.sub(MASKED, scope["path"])
