"""Who is calling? Answers for API tokens and for the cookies of pages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import timedelta
from uuid import UUID

import asyncpg

from pasar.kernel.clock import Clock
from pasar.kernel.config import Settings
from pasar.kernel.crypto import Secrets
from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token
from pasar.kernel.tenancy import Caller, Site
from pasar.people.access.public import caller_of_key, permissions_of
from pasar.people.sign_in.access_tokens import Claims, TokenRefused, read_signed
from pasar.people.sign_in.last_seen import LastSeen
from pasar.people.sign_in.revocations import Revocations
from pasar.people.sign_in.staff_company import staff_company

STAFF = """
SELECT u.user_id, u.name, u.email, u.locale, r.company_id, r.role, r.permissions, c.customer_id,
       s.confirmed_at, s.second_factor_at, s.last_seen_at, d.require_second_factor, d.admitted_from
  FROM sign_ins s
  JOIN user_accounts u ON u.user_id = s.user_id
  JOIN company_roles r ON r.user_id = u.user_id
  JOIN company_demands d ON d.company_id = r.company_id
  LEFT JOIN customer_accounts c ON c.company_id = r.company_id AND c.user_id = u.user_id
 WHERE s.id = $2 AND s.user_id = $1 AND s.revoked_at IS NULL AND u.is_active
"""
CUSTOMER = """
SELECT u.name, u.email, u.locale, s.confirmed_at
  FROM sign_ins s
  JOIN user_accounts u ON u.user_id = s.user_id
  JOIN customer_accounts c ON c.company_id = $3 AND c.customer_id = $4 AND c.user_id = u.user_id
 WHERE s.id = $2 AND s.user_id = $1 AND s.revoked_at IS NULL AND u.is_active
"""
COOKIE = """
SELECT s.company_id, s.expires_at, s.sign_in_id, i.confirmed_at, i.second_factor_at, i.revoked_at,
       i.last_seen_at, u.user_id, u.name, u.email, u.locale, u.is_active, r.role, r.permissions,
       c.customer_id, d.require_second_factor, d.admitted_from
  FROM page_sessions s
  JOIN sign_ins i ON i.id = s.sign_in_id
  JOIN user_accounts u ON u.user_id = s.user_id
  JOIN company_demands d ON d.company_id = s.company_id
  LEFT JOIN company_roles r ON r.company_id = s.company_id AND r.user_id = s.user_id
  LEFT JOIN customer_accounts c ON c.company_id = s.company_id AND c.user_id = s.user_id
 WHERE s.token_hash = $1
"""
MOST_GUESTS = 20_000


class SignInAuthenticator:
    """Recognises callers, as `kernel.tenancy.Authenticator` asks."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, secrets: Secrets) -> None:
        self._secrets = secrets
        self._database = database
        self._clock = clock
        # Cookies that no session row stands behind. They can be remembered for good: signing in always makes
        # a new cookie, so one that is unknown now never becomes known.
        self._guests: OrderedDict[bytes, None] = OrderedDict()
        self.revocations = Revocations(database, timedelta(seconds=settings.access_token_seconds))
        self.last_seen = LastSeen(database, clock)

    async def follow(self, closing: asyncio.Event) -> None:
        """Hear of sign-ins that end in any process, until `closing`. While this runs and hears, customers'
        tokens need no look-up; without it each takes one."""
        await self.revocations.follow(closing)

    async def by_bearer(self, token: str, *, company: UUID | None, fresh: bool) -> Caller:
        """Who bears `token`; `company` is what the call names, for staff of several.

        Customers are believed without a look into the database, unless `fresh`, while this process hears of
        every sign-in that ends; staff are looked up each time. Raises `Unauthorised` (`token_invalid`,
        `token_expired`, `token_revoked`), and for staff what `staff_company` raises.
        """
        try:
            claims = await read_signed(self._secrets, token, at=self._clock.now())
        except TokenRefused as refusal:
            raise _refusal("token_expired" if refusal.over else "token_invalid") from None
        if claims.kind == "staff":
            return await self._staff(claims, company)
        return await self._customer(claims, fresh=fresh)

    async def by_key(self, key: str, *, address: str) -> Caller:
        """Whose API key this is; `address` is noted as its last use. Raises `Unauthorised` `key_invalid`."""
        return await caller_of_key(self._database, key, address=address, at=self._clock.now())

    async def by_cookie(self, cookie: str, *, site: Site) -> Caller:
        """Who holds the page session `cookie` at this site's company; else a guest. One indexed read.

        Guests with a cookie carry its hash, too: their carts are kept under it.
        """
        session_hash = hash_token(cookie)
        guest = Caller(session_hash=session_hash)
        if session_hash in self._guests:
            self._guests.move_to_end(session_hash)
            return guest
        row = await self._database.row(COOKIE, session_hash)
        if row is None:
            self._remember_guest(session_hash)
            return guest
        if (
            row["company_id"] != site.company_id
            or row["expires_at"] <= self._clock.now()
            or row["revoked_at"] is not None
            or not row["is_active"]
        ):
            return guest
        self.last_seen.note(row["sign_in_id"], row["last_seen_at"])
        if row["role"] is not None:
            return _staff_caller(row, row["sign_in_id"], session_hash)
        # Without a role or a customer record: was staff, and never a customer here.
        if row["customer_id"] is None:
            return guest
        return Caller(
            kind="customer",
            user_id=row["user_id"],
            customer_id=row["customer_id"],
            company_id=row["company_id"],
            name=row["name"],
            email=row["email"] or "",
            role="customer",
            session_hash=session_hash,
            sign_in_id=row["sign_in_id"],
            confirmed_at=row["confirmed_at"],
            locale=row["locale"],
        )

    async def _customer(self, claims: Claims, *, fresh: bool) -> Caller:
        name, email, confirmed_at, locale = claims.name, "", None, None
        if claims.family in self.revocations:
            raise _refusal("token_revoked")
        if fresh or not self.revocations.current:
            row = await self._database.row(
                CUSTOMER, claims.user_id, claims.family, claims.company_id, claims.customer_id
            )
            if row is None:
                raise _refusal("token_revoked")
            name, email, confirmed_at = row["name"], row["email"] or "", row["confirmed_at"]
            locale = row["locale"]
        return Caller(
            kind="customer",
            user_id=claims.user_id,
            customer_id=claims.customer_id,
            company_id=claims.company_id,
            name=name,
            email=email,
            role="customer",
            sign_in_id=claims.family,
            confirmed_at=confirmed_at,
            locale=locale,
        )

    async def _staff(self, claims: Claims, named: UUID | None) -> Caller:
        rows = await self._database.rows(STAFF, claims.user_id, claims.family)
        if not rows:
            raise _refusal("token_revoked")
        by_company = {row["company_id"]: row for row in rows}
        company_id = staff_company(by_company, named)
        self.last_seen.note(claims.family, rows[0]["last_seen_at"])
        return _staff_caller(by_company[company_id], claims.family, None)

    def _remember_guest(self, session_hash: bytes) -> None:
        self._guests[session_hash] = None
        if len(self._guests) > MOST_GUESTS:
            self._guests.popitem(last=False)


def _staff_caller(row: asyncpg.Record, sign_in_id: UUID, session_hash: bytes | None) -> Caller:
    """A member of staff at the company of `row`, of `STAFF` or `COOKIE`."""
    own = row["permissions"]
    return Caller(
        kind="staff",
        user_id=row["user_id"],
        customer_id=row["customer_id"],
        company_id=row["company_id"],
        permissions=permissions_of(row["role"]) if own is None else frozenset(own),
        name=row["name"],
        email=row["email"] or "",
        role=row["role"],
        session_hash=session_hash,
        sign_in_id=sign_in_id,
        confirmed_at=row["confirmed_at"],
        needs_factor=row["require_second_factor"] and row["second_factor_at"] is None,
        admitted_from=tuple(row["admitted_from"]),
        has_factor=row["second_factor_at"] is not None,
        locale=row["locale"],
    )


_DETAILS = {
    "token_invalid": "This token is not one of ours. Sign in again.",
    "token_expired": "This token has expired. Refresh it, or sign in again.",
    "token_revoked": "This sign-in is over. Sign in again.",
}


def _refusal(code: str) -> Unauthorised:
    return Unauthorised(code, _DETAILS[code], headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
