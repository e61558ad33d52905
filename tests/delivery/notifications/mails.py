"""Mails to send in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pasar.delivery.notifications.mime import Mail
from pasar.kernel.ids import new_id

HEADERS = ("recipient", "sender", "sender_name", "subject", "unsubscribe_url")


def a_mail(**changes: Any) -> Mail:
    """A mail in two parts, beyond ASCII."""
    fields: dict[str, Any] = {
        "company_id": new_id(),
        "id": new_id(),
        "recipient": "ann@example.com",
        "sender": "shop@example.com",
        "sender_name": "Toko Kopi “Élan”",
        "subject": "Pesanan Anda – ☕",
        "text": "Terima kasih – ☕\n",
        "html": "<!doctype html><p>Terima kasih – ☕</p>",
        "at": datetime(2026, 11, 20, 9, tzinfo=UTC),
    }
    return Mail(**fields | changes)
