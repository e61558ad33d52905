"""Whose shop writes to a person about the account, which is one for all shops of the installation?

The shop where somebody asks is chosen by whoever asks, and the link of the mail leads to its host with what
opens the account everywhere. So it is a shop that the person knows, never one that is none of theirs.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database

__all__ = ["home_of"]

# Where somebody works goes first: no shop where they only buy holds the key to another one's back office.
HOME: Final = """
SELECT company_id
  FROM (SELECT company_id, 1 AS by_turn FROM company_roles WHERE user_id = $1
         UNION ALL SELECT company_id, 2 FROM customer_accounts WHERE user_id = $1) AS known
 ORDER BY by_turn, company_id <> $2, company_id LIMIT 1
"""


async def home_of(database: Database, user_id: UUID, asked: UUID) -> UUID:
    """A company where the person works, else one where they buy; of several `asked`, where somebody asked, if
    it is one of them. Who is known nowhere yet has just registered, and it is `asked` as well."""
    found: UUID | None = await database.value(HOME, user_id, asked)
    return found or asked
