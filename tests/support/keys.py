"""Makers of API keys."""

from __future__ import annotations

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import EVERYTHING, ORDINARY, add_member, create_key
from pasar.people.users.public import add_user
from support.people import CHEAP_HASH, new_email
from support.shops import Shop


async def make_key(runtime: Runtime, shop: Shop) -> dict[str, str]:
    """Headers with an API key of the shop that may do all that a key can."""
    async with runtime.database.transaction() as session:
        maker = await add_user(session, email=new_email(), name="Kay Keys", password_hash=CHEAP_HASH)
        await add_member(session, shop.company_id, maker, "owner")
        made = await create_key(
            session,
            shop.company_id,
            name="Script",
            scopes=sorted(ORDINARY),
            expires_at=None,
            by=maker,
            held=frozenset({EVERYTHING}),
            at=runtime.clock.now(),
        )
    return shop.headers | {"x-api-key": made.secret.key}
