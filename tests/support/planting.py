"""One planted secret for every sealed column: who registers a column adds a planter here."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from pasar.kernel.crypto import context_of
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.public import seal_for_person
from pasar.people.sign_in.second_factor.models import TOTP_PURPOSE
from support.people import make_person
from support.shops import Shop

Planter = Callable[[Runtime, Shop, UUID], Awaitable[None]]


async def totp(runtime: Runtime, _shop: Shop, user_id: UUID) -> None:
    """A second factor's secret, as its action seals it."""
    sealed = await runtime.secrets.seal(
        TOTP_PURPOSE, secrets.token_hex(20).encode(), context=context_of(user_id)
    )
    await runtime.database.rows(
        "INSERT INTO totp_secrets (id, user_id, secret) VALUES ($1, $2, $3)", new_id(), user_id, sealed
    )


async def person_key(runtime: Runtime, _shop: Shop, user_id: UUID) -> None:
    """A person's own key."""
    async with runtime.database.transaction() as session:
        assert await seal_for_person(runtime.secrets, session, user_id, b"something of theirs")


async def waiting(runtime: Runtime, shop: Shop, user_id: UUID) -> None:
    """The address of somebody who was erased while an order was under way."""
    erasure_id = new_id()
    plain = f"{secrets.token_hex(12)}@example.com".encode()
    sealed = await runtime.secrets.seal("erasure-waiting", plain, context=context_of(erasure_id))
    await runtime.database.rows(
        "INSERT INTO erasures (id, company_id, customer_id, companies, customers, waiting, at)"
        " VALUES ($1, $2, $3, '{}', '{}', $4, now())",
        erasure_id, shop.company_id, user_id, sealed,
    )  # fmt: skip


PLANTERS: Final[dict[tuple[str, str], Planter]] = {
    ("totp_secrets", "secret"): totp,
    ("person_keys", "wrapped"): person_key,
    ("erasures", "waiting"): waiting,
}


async def plant_all(runtime: Runtime, shop: Shop) -> None:
    """Plant one secret in every column that has a planter."""
    for planter in PLANTERS.values():
        person = await make_person(runtime, shop)
        await planter(runtime, shop, person.user_id)
