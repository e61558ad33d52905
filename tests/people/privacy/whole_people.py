"""A person of whom every module holds something, and a look for traces in every column of every table."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from pasar.kernel.acting import Acting
from pasar.kernel.crypto import context_of
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.audit.public import audit_event
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.second_factor.models import TOTP_PURPOSE
from pasar.people.sign_in.signing_in import start_tokens
from support.goods import make_product
from support.people import bearer, make_staff
from support.selling import ADDRESS, make_selling_shop
from support.shops import Shop

TEXTS = """
SELECT c.table_name, c.column_name
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
   AND c.data_type IN
       ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'USER-DEFINED', 'tsvector')
 ORDER BY 1, 2
"""


@dataclass
class Person:
    """Somebody with everything, by words that nobody else in the world has."""

    shop: Shop
    user_id: UUID
    customer_id: UUID
    word: str
    headers: dict[str, str]
    order_id: UUID
    staff: dict[str, str]

    @property
    def email(self) -> str:
        return f"{self.word}@example.com"

    @property
    def words(self) -> list[str]:
        """What must not be found: name, e-mail, street and the rest hold the word, the phone its number."""
        return [self.word, self.phone[3:]]

    @property
    def phone(self) -> str:
        return "+62812" + str(int(self.word[1:9], 16)).zfill(10)[:8]


async def make_whole_person(client: httpx.AsyncClient, runtime: Runtime) -> Person:
    """Register, prove, order, cancel, fill a cart, save an address, work, turn on second factors."""
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop)
    word = "q" + secrets.token_hex(8)
    person = Person(shop, new_id(), new_id(), word, {}, new_id(), await make_staff(runtime, shop))
    registered = await client.post(
        "/api/auth/register",
        json={"email": person.email, "password": f"a-long-password-{word}", "name": f"Budi {word}"},
        headers=shop.headers,
    )
    assert registered.status_code == 201, registered.text
    said = registered.json()
    person.user_id = UUID(said["user"]["id"])
    person.headers = shop.headers | {"Authorization": f"Bearer {said['accessToken']}"}
    await _prove(runtime, person)
    person.order_id = await _buy(client, runtime, person, goods)
    await _own(client, runtime, person, goods)
    return person


async def _prove(runtime: Runtime, person: Person) -> None:
    await runtime.database.rows(
        "UPDATE users SET email_verified_at = now(), phone = $2, phone_verified_at = now(), locale = 'id'"
        " WHERE id = $1",
        person.user_id,
        person.phone,
    )
    person.customer_id = await runtime.database.value(
        "UPDATE customers SET phone = $2 WHERE user_id = $1 RETURNING id", person.user_id, person.phone
    )


async def _buy(client: httpx.AsyncClient, runtime: Runtime, person: Person, goods: Any) -> UUID:
    """An order to the person's own street, which staff cancel for a reason that names them."""
    added = await client.post(
        "/api/cart/items",
        json={
            "productId": str(goods.product_id),
            "quantity": 1,
            "customFields": {"engraving": f"For {person.word}"},
        },
        headers=person.headers,
    )
    assert added.status_code == 201, added.text
    street = ADDRESS | {"name": f"Ann {person.word}", "line1": f"1 {person.word} Street"}
    placed = await client.post(
        "/api/checkout",
        json={"email": person.email, "shippingAddress": street, "paymentMethod": "manual"},
        headers=person.headers,
    )
    assert placed.status_code == 201, placed.text
    order_id = UUID(placed.json()["order"]["id"])
    cancelled = await client.post(
        f"/api/admin/orders/{order_id}/cancel",
        json={"reason": f"{person.word} changed their mind"},
        headers=person.staff,
    )
    assert cancelled.status_code in (200, 201), cancelled.text
    return order_id


async def _own(client: httpx.AsyncClient, runtime: Runtime, person: Person, goods: Any) -> None:
    """What people have besides orders."""
    await client.post(
        "/api/cart/items",
        json={"productId": str(goods.product_id), "quantity": 1, "customFields": {"to": person.word}},
        headers=person.headers | {"Idempotency-Key": f"key-{person.word}"},
    )
    saved = await client.post(
        "/api/addresses",
        json=ADDRESS | {"name": f"Ann {person.word}", "line1": f"2 {person.word} Street"},
        headers=person.headers,
    )
    assert saved.status_code == 201, saved.text
    agreed = await client.put(
        "/api/account/consents",
        json={"items": [{"purpose": "marketing", "given": True}]},
        headers=person.headers,
    )
    assert agreed.status_code == 200, agreed.text
    sealed = await runtime.secrets.seal(
        TOTP_PURPOSE, person.word.encode(), context=context_of(person.user_id)
    )
    database, company = runtime.database, person.shop.company_id
    await database.rows(
        "INSERT INTO totp_secrets (id, user_id, secret) VALUES ($1, $2, $3)", new_id(), person.user_id, sealed
    )
    await database.rows(
        "INSERT INTO identities (id, user_id, issuer, subject) VALUES ($1, $2, 'https://id.example.com', $3)",
        new_id(),
        person.user_id,
        f"{person.word}-there",
    )
    await database.rows(
        "INSERT INTO passkeys (id, user_id, rp_id, credential_id, public_key, sign_count, name, transports)"
        " VALUES ($1, $2, 'localhost', $3, '\\x00', 0, $4, '{}')",
        new_id(),
        person.user_id,
        secrets.token_bytes(16),
        f"Phone of {person.word}",
    )
    await database.rows(
        "INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, subject, state,"
        " created_at, sent_at)"
        " VALUES ($1, $2, 'order.placed', 'mail', $3, 'en', $4, $5, 'sent', now(), now())",
        company,
        new_id(),
        person.email,
        str(new_id()),
        f"Your order, {person.word}",
    )
    async with database.transaction() as session:
        await add_member(session, company, person.user_id, "support")
        acting = Acting(kind="staff", company_id=company, actor_id=person.user_id)
        await audit_event(
            session, acting, "user.email_changed", "user", person.user_id,
            person=person.user_id, personal={"email": (f"old-{person.word}@example.com", person.email)},
        )  # fmt: skip


async def signed_in_on(runtime: Runtime, person: Person, device: Device) -> dict[str, str]:
    """Headers of one more sign-in."""
    who = SignedIn(
        person.user_id, person.shop.company_id, "customer", "customer", "", person.email, person.customer_id
    )
    async with runtime.database.transaction() as session:
        return person.shop.headers | bearer((await start_tokens(runtime, device)(session, who)).tokens)


async def confirm(database: Database, user_id: UUID) -> None:
    """As if the person had just proved to be there."""
    await database.rows("UPDATE sign_ins SET confirmed_at = now() WHERE user_id = $1", user_id)


async def traces_of(database: Database, words: list[str]) -> dict[str, int]:
    """In which columns a word is found, in clear, in hexadecimal (bytea) or in JSON, and how often."""
    found: dict[str, int] = {}
    for table, column in await database.rows(TEXTS):
        for word in words:
            number = await database.value(
                f'SELECT count(*) FROM "{table}" WHERE strpos(lower("{column}"::text), lower($1)) > 0'
                f' OR strpos("{column}"::text, $2) > 0',
                word,
                word.encode().hex(),
            )
            if number:
                found[f"{table}.{column}"] = number
    return found
