"""End what a person is signed in with at a company, because they left or because a colleague says so."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.sign_in.actions.revoke_sign_in import revoke_sign_in

# Staff's tokens belong to no company: they end with the last one that the person worked for.
THERE: Final = """
SELECT s.id FROM sign_ins s
 WHERE s.user_id = $1 AND s.revoked_at IS NULL
   AND (s.company_id = $2 AND s.kind = 'pages'
        OR s.company_id IS NULL AND NOT EXISTS (SELECT 1 FROM company_roles r WHERE r.user_id = $1))
 ORDER BY s.id
"""

# While they work there, staff's tokens open this company as well as others: they end, wherever else
# they hold.
OPENING: Final = """
SELECT id FROM sign_ins
 WHERE user_id = $1 AND revoked_at IS NULL AND (company_id = $2 OR company_id IS NULL) ORDER BY id
"""


async def revoke_at_company(session: AsyncSession, user_id: UUID, company_id: UUID, at: datetime) -> int:
    """Sign the person's browsers out at the company, and out of everything as staff who works nowhere now.

    Call it once the membership has ended, in the same transaction. Answers how many sign-ins were open.
    """
    rows = await fetch(session, THERE, (user_id, company_id))
    for row in rows:
        await revoke_sign_in(session, row[0], "left", at)
    return len(rows)


async def sign_out_at_company(session: AsyncSession, user_id: UUID, company_id: UUID, at: datetime) -> int:
    """Sign the person out of everything that opens the company: its pages, its shop's tokens, staff's tokens.

    Browsers that are signed in at other companies stay so. Answers how many sign-ins were open.
    """
    rows = await fetch(session, OPENING, (user_id, company_id))
    for row in rows:
        await revoke_sign_in(session, row[0], "revoked", at)
    return len(rows)
