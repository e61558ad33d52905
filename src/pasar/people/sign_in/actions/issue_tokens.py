"""Give tokens to a person who has signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token, new_id, new_token
from pasar.people.sign_in.access_tokens import Claims, mint
from pasar.people.sign_in.person import SignedIn

REFRESH_LIFE: Final = timedelta(days=30)

INSERT = """
INSERT INTO refresh_tokens (id, family, token_hash, user_id, company_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client keeps. `expires_in` is the access token's life in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


async def issue_tokens(
    session: AsyncSession,
    person: SignedIn,
    *,
    signing: tuple[str | None, bytes],
    seconds: int,
    at: datetime,
    sign_in_id: UUID,
) -> Tokens:
    """Issue an access token of `seconds` and a refresh token of 30 days; the latter is stored as its hash.

    Both belong to the sign-in `sign_in_id`, which is there already. `signing` is what
    `Secrets.signing_key` answers.
    """
    kid, key = signing
    refresh_token = new_token()
    customer = person.kind == "customer"
    company_id = person.company_id if customer else None
    await fetch(
        session,
        INSERT,
        (new_id(), sign_in_id, hash_token(refresh_token), person.user_id, company_id, at, at + REFRESH_LIFE),
    )
    claims = Claims(
        user_id=person.user_id,
        family=sign_in_id,
        kind=person.kind,
        name=person.name,
        company_id=company_id,
        customer_id=person.customer_id if customer else None,
    )
    return Tokens(mint(key, claims, at=at, seconds=seconds, kid=kid), refresh_token, seconds)
