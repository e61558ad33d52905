"""What users hold of a person: the account, customer records, addresses; and who is meant by an id."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.people.privacy.public import (
    PersonalData,
    Subject,
    Told,
    facts,
    register_finder,
    register_personal_data,
)
from pasar.people.users.photos import set_photo

ACCOUNT: Final = """
SELECT email, phone, email_verified_at IS NOT NULL, phone_verified_at IS NOT NULL FROM users
 WHERE id = $1 AND erased_at IS NULL
"""
# Whoever writes something that refers to the person waits, or finds them gone.
LOCK: Final = "SELECT 1 FROM users WHERE id = $1 FOR UPDATE"
# Their own records and, of addresses that they have proved to be theirs, what was bought as a guest.
CUSTOMERS: Final = """
SELECT company_id, id FROM customers
 WHERE user_id = $1 OR (user_id IS NULL AND email = ANY ($2::text[]))
 ORDER BY company_id, id
"""
GUEST: Final = """
SELECT user_id, email FROM customers
 WHERE company_id = $1 AND id = $2 AND email NOT LIKE '%@erased.invalid' FOR UPDATE
"""
USER: Final = """
SELECT id, email, phone, name, is_active, email_verified_at, phone_verified_at, locale, photo, created_at
  FROM users WHERE id = $1
"""
RECORDS: Final = """
SELECT c.company_id, c.id, c.email, c.name, c.phone, c.locale, c.created_at
  FROM customers c JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, id)
    ON mine.company_id = c.company_id AND mine.id = c.id
 ORDER BY c.company_id, c.id
"""
ADDRESSES: Final = """
SELECT a.company_id, a.id, a.label, a.name, a.line1, a.line2, a.city, a.region, a.postal_code, a.country,
       a.phone, a.is_default, a.created_at
  FROM addresses a JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = a.company_id AND mine.customer_id = a.customer_id
 ORDER BY a.company_id, a.id
"""
FORGET_ADDRESSES: Final = """
DELETE FROM addresses a USING unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
 WHERE mine.company_id = a.company_id AND mine.customer_id = a.customer_id
"""
# A guest's e-mail is a key, so one that nobody can have takes its place (.invalid: RFC 2606).
FORGET_RECORDS: Final = """
UPDATE customers c
   SET email = CASE WHEN c.user_id IS NULL THEN c.id::text || '@erased.invalid' ELSE '' END,
       name = '', phone = NULL, locale = NULL
  FROM unnest($1::uuid[], $2::uuid[]) AS mine (company_id, id)
 WHERE mine.company_id = c.company_id AND mine.id = c.id
"""
FORGET_USER: Final = """
UPDATE users
   SET email = NULL, phone = NULL, name = '', password_hash = NULL, is_active = false,
       email_verified_at = NULL, phone_verified_at = NULL, locale = NULL, erased_at = coalesce(erased_at, $2)
 WHERE id = $1
"""


class People:
    """Finds whose data is meant, as `people.privacy` asks (`Finder`)."""

    async def account(self, session: AsyncSession, user_id: UUID, *, lock: bool) -> Subject | None:
        """The person with this account; None when there is no such account or it was erased."""
        if lock:
            await fetch(session, LOCK, (user_id,))
        rows = await fetch(session, ACCOUNT, (user_id,))
        if not rows:
            return None
        email, phone, email_proved, phone_proved = rows[0]
        proved = [text for text, shown in ((email, email_proved), (phone, phone_proved)) if text and shown]
        customers = await fetch(session, CUSTOMERS, (user_id, [email] if email and email_proved else []))
        return Subject(
            user_id=user_id,
            customers=tuple((row[0], row[1]) for row in customers),
            proved=tuple(proved),
        )

    async def guest(self, session: AsyncSession, company_id: UUID, customer_id: UUID) -> Subject | None:
        """The customer without account, locked; None when there is none. Raises `Conflict` for one with."""
        rows = await fetch(session, GUEST, (company_id, customer_id))
        if not rows:
            return None
        user_id, email = rows[0]
        if user_id is not None:
            raise Conflict(
                "customer_has_account",
                "This customer has an account, and takes or erases its data alone, at /account/privacy.",
            )
        # The record is the e-mail's: whoever wrote from it is asked for by the shop. A phone is only typed.
        return Subject(None, ((company_id, customer_id),), (email,))


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The account, customer records and address books."""
    mine = (subject.companies, subject.customer_ids)
    return {
        "account": await facts(session, USER, (subject.user_id,)),
        "customers": await facts(session, RECORDS, mine),
        "addresses": await facts(session, ADDRESSES, mine),
    }


async def erase(session: AsyncSession, subject: Subject, at: datetime) -> bool:
    """Keep the rows, which orders name by id, without anything that says who it was."""
    mine = (subject.companies, subject.customer_ids)
    await fetch(session, FORGET_ADDRESSES, mine)
    await fetch(session, FORGET_RECORDS, mine)
    if subject.user_id is not None:
        await set_photo(session, subject.user_id, None)
        await fetch(session, FORGET_USER, (subject.user_id, at))
    return True


register_finder(People())
register_personal_data(
    PersonalData(
        name="account",
        purpose="To know you when you sign in, and to whom and where your orders go",
        retention="As long as your account",
        export=export,
        erase=erase,
        order=90,  # what others look up by it comes first
    )
)
