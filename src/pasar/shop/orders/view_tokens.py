"""Which secret opens an order's page without an account? One that can be made again, never read back."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from uuid import UUID

from pasar.kernel.runtime import Runtime

__all__ = ["view_path", "view_token"]

VIEW_PATH: Final = "/orders/view/"


def view_token(runtime: Runtime, company_id: UUID, order_id: UUID) -> str:
    """64 hexadecimal digits, the same for the same order: a repeated answer and every mail carry the same
    link, while the database holds the hash alone. Derived from the installation's secret."""
    return hmac.new(runtime.key("order view"), company_id.bytes + order_id.bytes, hashlib.sha256).hexdigest()


def view_path(token: str) -> str:
    """The page that `token` opens."""
    return VIEW_PATH + token
