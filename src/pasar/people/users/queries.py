"""Reads of users and customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import NotFound

BY_EMAIL = """
SELECT id, coalesce(email, ''), name, phone, password_hash, is_active, email_verified_at IS NOT NULL
  FROM users WHERE email = $1
"""
BY_PHONE = """
SELECT id, coalesce(email, ''), name, phone, password_hash, is_active, email_verified_at IS NOT NULL
  FROM users WHERE phone = $1 AND phone_verified_at IS NOT NULL
"""
BY_ID = """
SELECT id, coalesce(email, ''), name, phone, password_hash, is_active, email_verified_at IS NOT NULL
  FROM users WHERE id = $1
"""
PROFILE = """
SELECT name, coalesce(email, '') AS email, phone, email_verified_at IS NOT NULL AS email_verified,
       phone_verified_at IS NOT NULL AS phone_verified, password_hash IS NOT NULL AS has_password,
       locale, photo
  FROM users WHERE id = $1
"""
BY_IDS = """
SELECT id, user_id, email, name, phone, created_at
  FROM customers WHERE company_id = $1 AND id = ANY ($2::uuid[])
"""
# Ids rise with time (UUIDv7), so the primary key gives the newest first and the cursor is the last id.
PAGE = """
SELECT id, user_id, email, name, phone, created_at
  FROM customers
 WHERE company_id = $1 AND ($3::uuid IS NULL OR id < $3)
   AND ($2 = '' OR name ILIKE $2 OR email ILIKE $2 OR phone LIKE $2)
 ORDER BY id DESC LIMIT $4
"""
TOTAL = """
SELECT count(*) FROM customers
 WHERE company_id = $1 AND ($2 = '' OR name ILIKE $2 OR email ILIKE $2 OR phone LIKE $2)
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check who somebody is. `email` is empty for who is known by phone alone."""

    user_id: UUID
    email: str
    name: str
    phone: str | None
    password_hash: str | None = field(repr=False)
    is_active: bool
    email_verified: bool


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """What a person sees of the own account. `email` is empty when there is none; `phone` is E.164; `locale`
    is the language that the person has settled on; `photo` is an upload's token (`web.uploads`)."""

    name: str
    email: str
    phone: str | None
    email_verified: bool
    phone_verified: bool
    has_password: bool
    locale: str | None = None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer of a company; `user_id` only for those with an account. `phone` is E.164."""

    id: UUID
    user_id: UUID | None
    email: str
    name: str
    phone: str | None
    created_at: datetime


async def credentials_of(database: Database, email: str) -> Credentials | None:
    """The account under a normalised e-mail, if any. One indexed read."""
    row = await database.row(BY_EMAIL, email)
    return Credentials(*row) if row else None


async def credentials_by_phone(database: Database, phone: str) -> Credentials | None:
    """The account whose person has proved to hold the number (E.164), if any. One indexed read."""
    row = await database.row(BY_PHONE, phone)
    return Credentials(*row) if row else None


async def credentials_by_id(database: Database, user_id: UUID) -> Credentials | None:
    """The account, if there is such a one. One indexed read."""
    row = await database.row(BY_ID, user_id)
    return Credentials(*row) if row else None


async def own_profile(database: Database, user_id: UUID) -> OwnProfile:
    """What the person sees of the own account. Raises `NotFound` for no such account."""
    row = await database.row(PROFILE, user_id)
    if row is None:
        raise NotFound("user_not_found", "There is no such account.")
    return OwnProfile(**dict(row))


async def name_and_phone_of(database: Database, user_id: UUID) -> tuple[str, str | None]:
    """The person's name, and phone when one was given. Raises `NotFound` for no such account."""
    profile = await own_profile(database, user_id)
    return profile.name, profile.phone


async def customers_by_id(
    session: AsyncSession, company_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, CustomerFacts]:
    """The company's customers among `ids`; others are left out."""
    rows = await fetch(session, BY_IDS, (company_id, list(ids)))
    return {row[0]: CustomerFacts(*row) for row in rows}


async def customer_by_id(database: Database, company_id: UUID, customer_id: UUID) -> CustomerFacts | None:
    """One customer of the company, if there is such a one."""
    row = await database.row(BY_IDS, company_id, [customer_id])
    return CustomerFacts(*row) if row else None


async def customers_page(
    database: Database, company_id: UUID, *, q: str, limit: int, after: UUID | None
) -> tuple[Sequence[CustomerFacts], bool]:
    """Up to `limit` customers, the newest first, and whether more follow.

    `q` is looked for in names, e-mails and phones, in any case; empty finds all.
    """
    rows = await database.rows(PAGE, company_id, _pattern(q), after, limit + 1)
    return [CustomerFacts(*row) for row in rows[:limit]], len(rows) > limit


async def count_customers(database: Database, company_id: UUID, *, q: str) -> int:
    """How many customers `q` finds, all pages together."""
    found: int = await database.value(TOTAL, company_id, _pattern(q))
    return found


def _pattern(q: str) -> str:
    """`q` as a LIKE pattern in which nothing but the ends is wild."""
    text = q.strip()
    if not text:
        return ""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
