"""Whose API key is this?"""

from __future__ import annotations

from datetime import datetime

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unauthorised
from pasar.kernel.tenancy import Caller


async def caller_of_key(database: Database, key: str, *, address: str, at: datetime) -> Caller:  # noqa: ARG001
    """The caller behind an API key: its company, and its scopes as permissions.

    Raises `Unauthorised` (`key_invalid`) alike for one that is unknown, expired or revoked.
    """
    raise Unauthorised("key_invalid", "This API key is unknown, expired or revoked. Make a new one.")
