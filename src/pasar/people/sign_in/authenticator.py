"""Who is calling? Answers for API tokens and for the cookies of pages."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from uuid import UUID

from pasar.kernel.clock import Clock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token
from pasar.kernel.tenancy import Caller, Site
from pasar.people.access.public import permissions_of
from pasar.people.sign_in.access_tokens import KEY_PURPOSE, Claims, TokenRefused, read
from pasar.people.sign_in.staff_company import staff_company

# A family is over as soon as one of its rows is revoked.
STAFF = """
SELECT u.name, u.email, r.company_id, r.role, c.customer_id
  FROM user_accounts u
  JOIN company_roles r ON r.user_id = u.user_id
  LEFT JOIN customer_accounts c ON c.company_id = r.company_id AND c.user_id = u.user_id
 WHERE u.user_id = $1 AND u.is_active
   AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family = $2 AND t.revoked_at IS NOT NULL)
"""
CUSTOMER = """
SELECT u.name, u.email
  FROM user_accounts u
  JOIN customer_accounts c ON c.company_id = $3 AND c.customer_id = $4 AND c.user_id = u.user_id
 WHERE u.user_id = $1 AND u.is_active
   AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family = $2 AND t.revoked_at IS NOT NULL)
"""
COOKIE = """
SELECT s.company_id, s.expires_at, u.user_id, u.name, u.email, u.is_active, r.role, c.customer_id
  FROM page_sessions s
  JOIN user_accounts u ON u.user_id = s.user_id
  LEFT JOIN company_roles r ON r.company_id = s.company_id AND r.user_id = s.user_id
  LEFT JOIN customer_accounts c ON c.company_id = s.company_id AND c.user_id = s.user_id
 WHERE s.token_hash = $1
"""
MOST_GUESTS = 20_000


class SignInAuthenticator:
    """Recognises callers, as `kernel.tenancy.Authenticator` asks."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        # The same key as `Runtime.key("jwt")`, which does not exist yet when this is made.
        self._key = hmac.new(settings.secret.encode(), KEY_PURPOSE.encode(), hashlib.sha256).digest()
        self._database = database
        self._clock = clock
        # Cookies that no session row stands behind. They can be remembered for good: signing in always makes
        # a new cookie, so one that is unknown now never becomes known.
        self._guests: OrderedDict[bytes, None] = OrderedDict()

    async def by_bearer(self, token: str, *, company: UUID | None, fresh: bool) -> Caller:
        """Who bears `token`; `company` is what the call names, for staff of several.

        Customers are believed for the token's life without a look into the database unless `fresh`; staff
        are looked up each time. Raises `Unauthorised` (`token_invalid`, `token_expired`, `token_revoked`),
        and for staff what `staff_company` raises.
        """
        try:
            claims = read(self._key, token, at=self._clock.now())
        except TokenRefused as refusal:
            raise _refusal("token_expired" if refusal.over else "token_invalid") from None
        if claims.kind == "staff":
            return await self._staff(claims, company)
        return await self._customer(claims, fresh=fresh)

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
            or not row["is_active"]
        ):
            return guest
        role = row["role"]
        # Without a role or a customer record: was staff, and never a customer here.
        if role is None and row["customer_id"] is None:
            return guest
        return Caller(
            kind="customer" if role is None else "staff",
            user_id=row["user_id"],
            customer_id=row["customer_id"],
            company_id=row["company_id"],
            permissions=permissions_of(role) if role else frozenset(),
            name=row["name"],
            email=row["email"] or "",
            role=role or "customer",
            session_hash=session_hash,
        )

    async def _customer(self, claims: Claims, *, fresh: bool) -> Caller:
        name, email = claims.name, ""
        if fresh:
            row = await self._database.row(
                CUSTOMER, claims.user_id, claims.family, claims.company_id, claims.customer_id
            )
            if row is None:
                raise _refusal("token_revoked")
            name, email = row["name"], row["email"] or ""
        return Caller(
            kind="customer",
            user_id=claims.user_id,
            customer_id=claims.customer_id,
            company_id=claims.company_id,
            name=name,
            email=email,
            role="customer",
        )

    async def _staff(self, claims: Claims, named: UUID | None) -> Caller:
        rows = await self._database.rows(STAFF, claims.user_id, claims.family)
        if not rows:
            raise _refusal("token_revoked")
        by_company = {row["company_id"]: row for row in rows}
        company_id = staff_company(by_company, named)
        row = by_company[company_id]
        return Caller(
            kind="staff",
            user_id=claims.user_id,
            customer_id=row["customer_id"],
            company_id=company_id,
            permissions=permissions_of(row["role"]),
            name=row["name"],
            email=row["email"] or "",
            role=row["role"],
        )

    def _remember_guest(self, session_hash: bytes) -> None:
        self._guests[session_hash] = None
        if len(self._guests) > MOST_GUESTS:
            self._guests.popitem(last=False)


_DETAILS = {
    "token_invalid": "This token is not one of ours. Sign in again.",
    "token_expired": "This token has expired. Refresh it, or sign in again.",
    "token_revoked": "This sign-in is over. Sign in again.",
}


def _refusal(code: str) -> Unauthorised:
    return Unauthorised(code, _DETAILS[code], headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
