"""Keys that are computed from the installation's secret, one per purpose, and stored nowhere."""

from __future__ import annotations

import hashlib
import hmac


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: HMAC-SHA-256 of its name under `JWT_SECRET`."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
