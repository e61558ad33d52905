"""Forget what a buyer wrote on the goods of a cart that became an order."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

FORGET: Final = """
UPDATE cart_lines SET custom_fields = NULL
 WHERE company_id = $1 AND cart_id = $2 AND custom_fields IS NOT NULL
"""
FORGET_EMAIL: Final = "UPDATE carts SET email = NULL WHERE company_id = $1 AND id = $2 AND email IS NOT NULL"


async def forget_words(session: AsyncSession, company_id: UUID, cart_id: UUID) -> None:
    """Take the buyer's words and e-mail out of a cart; its goods and figures stay."""
    for statement in (FORGET, FORGET_EMAIL):
        await fetch(session, statement, (company_id, cart_id))
