"""Which second factors does a person have? Reads, and the lock of whoever changes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import NotFound
from pasar.people.sign_in.second_factor_gate import HAS

TOTP = "SELECT confirmed_at FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL"
PASSKEYS = """
SELECT id, rp_id, name, created_at, last_used_at, regressed_at, credential_id, transports
  FROM passkeys WHERE user_id = $1 ORDER BY id
"""
CODES_LEFT = "SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL"
DEMANDED = """
SELECT EXISTS (SELECT 1 FROM company_roles r JOIN company_demands d ON d.company_id = r.company_id
                WHERE r.user_id = $1 AND d.require_second_factor)
"""
OWNER = "SELECT name, email, phone, is_active FROM user_accounts WHERE user_id = $1"
# One at a time per person: of two who each take away one of two factors, the second sees what is left.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('second_factor:' || $1::uuid::text, 0))"


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """A passkey as its owner sees it, and as a browser needs it."""

    id: UUID
    rp_id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    regressed_at: datetime | None
    credential_id: bytes
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Factors:
    """A person's second factors. `demanded` says that a company where the person works asks for one."""

    totp_since: datetime | None
    passkeys: tuple[PasskeyFacts, ...]
    codes_left: int
    demanded: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """A person, as factors need to know them. `label` names the account where several are listed."""

    user_id: UUID
    name: str
    email: str
    phone: str | None
    is_active: bool

    @property
    def label(self) -> str:
        """E-mail, or else phone, or else name."""
        return self.email or self.phone or self.name


async def factors_of(database: Database, user_id: UUID) -> Factors:
    """All of a person's factors."""
    return Factors(
        totp_since=await database.value(TOTP, user_id),
        passkeys=await passkeys_of(database, user_id),
        codes_left=await database.value(CODES_LEFT, user_id),
        demanded=await database.value(DEMANDED, user_id),
    )


async def passkeys_of(
    database: Database, user_id: UUID, *, rp_id: str | None = None
) -> tuple[PasskeyFacts, ...]:
    """The person's passkeys, those of one host when `rp_id` names it."""
    found = (PasskeyFacts(*row) for row in await database.rows(PASSKEYS, user_id))
    return tuple(passkey for passkey in found if rp_id in (None, passkey.rp_id))


async def owner_of(database: Database, user_id: UUID) -> Owner:
    """Whose factors these are. Raises `NotFound` when it is gone."""
    row = await database.row(OWNER, user_id)
    if row is None:
        raise NotFound("user_not_found", "There is no such account.")
    return Owner(user_id, row["name"], row["email"] or "", row["phone"], row["is_active"])


async def lock_factors(session: AsyncSession, user_id: UUID) -> None:
    """Let nobody else change this person's factors until the transaction ends."""
    await fetch(session, LOCK, (user_id,))


async def has_factor(session: AsyncSession, user_id: UUID) -> bool:
    """Whether the person has an authenticator app or a passkey, in this transaction."""
    ((totp, passkey, _),) = await fetch(session, HAS, (user_id,))
    return bool(totp or passkey)


async def is_demanded(session: AsyncSession, user_id: UUID) -> bool:
    """Whether a company where the person works demands a second factor."""
    ((demanded,),) = await fetch(session, DEMANDED, (user_id,))
    return bool(demanded)
