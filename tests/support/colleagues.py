"""Colleagues: staff whose id and address a test needs, and what they do with the mails they get."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from pasar.delivery.notifications.staff_mails import STAFF_MAIL_SUBSCRIBERS
from pasar.kernel.events import Delivered
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member, mint_invitation
from pasar.people.sign_in.person import SignedIn
from pasar.people.users.public import add_user
from support.people import CHEAP_HASH, bearer, new_email, tokens_for
from support.shops import Shop


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at a shop, signed in just now. `headers` name the shop, too."""

    user_id: UUID
    email: str
    headers: dict[str, str]


async def make_colleague(
    runtime: Runtime, shop: Shop, role: str | None = "owner", *, email: str | None = None
) -> Colleague:
    """Make a member of the shop's staff; with None a person with staff's tokens who works nowhere yet."""
    email = email or new_email()
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=email, name="Sari Staff", password_hash=CHEAP_HASH)
        if role is not None:
            await add_member(session, shop.company_id, user_id, role)
    person = SignedIn(user_id, shop.company_id, "staff", role or "", "Sari Staff", email, None)
    return Colleague(user_id, email, shop.headers | bearer(await tokens_for(runtime, person)))


async def let_lapse(runtime: Runtime, colleague: Colleague) -> None:
    """As if the colleague had signed in long ago: what needs a step-up is refused."""
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = confirmed_at - interval '16 minutes' WHERE user_id = $1",
        colleague.user_id,
    )


async def link_token(runtime: Runtime, shop: Shop, invitation_id: UUID) -> str:
    """The token of the mail that leaves now, as its writer mints it."""
    async with runtime.database.transaction() as session:
        minted = await mint_invitation(session, shop.company_id, invitation_id, runtime.clock.now())
    assert minted is not None
    return minted[1]


async def queue_staff_mails(runtime: Runtime, shop: Shop) -> None:
    """What the relay does with the shop's invitations: hand each fact to the subscriber."""
    (subscriber,) = STAFF_MAIL_SUBSCRIBERS
    rows = await runtime.database.rows(
        "SELECT id, type, company_id, key, position, occurred_at, data::text FROM events"
        " WHERE company_id = $1 AND type = 'staff.invited' ORDER BY position",
        shop.company_id,
    )
    for row in rows:
        fact = Delivered(*tuple(row)[:6], json.loads(row["data"]))
        async with runtime.database.transaction() as session:
            await subscriber.handle(runtime, session, fact)
