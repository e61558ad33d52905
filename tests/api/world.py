"""A whole shop over the API: one of everything, and the headers of those who may touch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in.openid.models import Identity
from pasar.people.sign_in.second_factor.models import Passkey
from pasar.people.users.public import add_user
from support.goods import MadeProduct, make_product
from support.people import CHEAP_HASH, make_customer, make_staff, new_email
from support.pictures import picture_bytes
from support.selling import ADDRESS, guest_with, make_selling_shop, order_body
from support.shops import Shop

CSV = b"Handle,Title,Variant Price\nplain-cup,Plain cup,4.00\n"
MESSAGE = """
INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, created_at)
VALUES ($1, $2::uuid, 'order.placed', 'mail', 'ann@example.com', 'en', $2::uuid::text, now())
"""
OUTBOX_MAIL = """
INSERT INTO outbox_mails (company_id, id, recipient, sender, subject, text, html, at)
VALUES ($1, $2, 'ann@example.com', 'shop@example.com', 'Secret subject', 'Secret text', '<p>S</p>', now())
"""
CALLERS = ("guest", "customer", "owner")


@dataclass(frozen=True, slots=True)
class World:
    """`ids` has a real id for each path parameter and body field of the API that names one."""

    shop: Shop
    goods: MadeProduct
    callers: dict[str, dict[str, str]]
    ids: dict[str, str]


async def make_world(runtime: Runtime, client: httpx.AsyncClient) -> World:
    """Sell something in a new shop, so that there is one of everything."""
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop, stock=1000, sku="CUP-1")
    owner = await make_staff(runtime, shop)
    customer_id, customer = await make_customer(runtime, shop)
    guest = await guest_with(client, shop, (goods, 1))
    calls = Calls(client, owner)
    category = await calls.post("/api/admin/categories", {"title": "Cups"})
    location = await calls.post("/api/admin/locations", {"name": "Second store"})
    rate = await calls.post("/api/admin/tax-rates", {"name": "Tax", "country": "FR", "percent": "20"})
    post = {"name": "Post", "kind": "flat", "currency": "USD", "price": "5"}
    away = {"name": "Away", "countries": ["FR"], "methods": [post]}
    zone = await calls.post("/api/admin/shipping-zones", away)
    picture, upload = await _files(client, owner, goods)
    site = await calls.post("/api/admin/sites", {"name": "Second window", "currency": "USD"})
    role = await calls.post("/api/admin/roles", {"name": "Packers", "permissions": ["orders:read"]})
    key = await calls.post("/api/admin/api-keys", {"name": "Robot", "scopes": ["orders:read"]})
    invited = await calls.post("/api/admin/invitations", {"email": new_email(), "role": "viewer"})
    address = await Calls(client, customer).post("/api/addresses", ADDRESS)
    order = await _order(client, customer, goods)
    cart = (await client.get("/api/public/cart", headers=guest)).json()
    return World(
        shop,
        goods,
        {"guest": guest, "customer": customer, "owner": owner},
        {
            "product_id": str(goods.product_id),
            "variant_id": str(goods.variant_ids[0]),
            "category_id": category["id"],
            "location_id": location["id"],
            "rate_id": rate["id"],
            "zone_id": zone["id"],
            "method_id": zone["methods"][0]["id"],
            "media_id": picture,
            "import_id": upload,
            "order_id": order["id"],
            "customer_id": str(customer_id),
            "cart_id": cart["id"],
            "item_id": cart["items"][0]["id"],
            "line_id": order["items"][0]["id"],
            "address_id": address["id"],
            "site_id": site["id"],
            "role_id": role["customRoleId"],
            "key_id": key["id"],
            "invitation_id": invited["id"],
            "entry_id": await _entry(client, owner),
            "user_id": await _member(runtime, shop),
            "session_id": await _session(client, customer),
            "passkey_id": await _passkey(client, runtime, customer),
            "export_id": (await Calls(client, customer).post("/api/account/export", {}, 202))["id"],
            "identity_id": await _identity(client, runtime, customer),
            "mail_id": await _mail(runtime, shop),
            "number": order["number"],
            "token": order["viewUrl"].rsplit("/", 1)[1],
        },
    )


@dataclass(frozen=True, slots=True)
class Calls:
    """One caller's changes that must succeed."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def post(self, path: str, body: dict[str, Any], expected: int = 201) -> dict[str, Any]:
        """The answer to a POST."""
        answer = await self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == expected, answer.text
        told: dict[str, Any] = answer.json()
        return told


async def _files(client: httpx.AsyncClient, owner: dict[str, str], goods: MadeProduct) -> tuple[str, str]:
    picture = await client.post(
        f"/api/admin/products/{goods.product_id}/media",
        files={"file": ("cup.png", picture_bytes(size=(32, 32)), "image/png")},
        headers=owner,
    )
    assert picture.status_code == 201, picture.text
    upload = await client.post(
        "/api/admin/imports",
        files={"file": ("goods.csv", CSV, "text/csv")},
        data={"currency": "USD"},
        headers=owner,
    )
    assert upload.status_code == 202, upload.text
    return picture.json()["id"], upload.json()["id"]


async def _entry(client: httpx.AsyncClient, owner: dict[str, str]) -> str:
    """The newest entry of the audit log."""
    answer = await client.get("/api/admin/audit", params={"limit": 1}, headers=owner)
    assert answer.status_code == 200, answer.text
    entry: str = answer.json()["items"][0]["id"]
    return entry


async def _member(runtime: Runtime, shop: Shop) -> str:
    """Somebody else who works here."""
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=new_email(), name="Vera Viewer", password_hash=CHEAP_HASH)
        await add_member(session, shop.company_id, user_id, "viewer")
    return str(user_id)


async def _session(client: httpx.AsyncClient, customer: dict[str, str]) -> str:
    """The customer's own sign-in."""
    answer = await client.get("/api/auth/sessions", headers=customer)
    assert answer.status_code == 200, answer.text
    session: str = answer.json()["items"][0]["id"]
    return session


async def _passkey(client: httpx.AsyncClient, runtime: Runtime, customer: dict[str, str]) -> str:
    """A passkey of the customer; registering one needs an authenticator, whose part nobody plays here."""
    me = (await client.get("/api/auth/me", headers=customer)).json()
    passkey = Passkey(
        id=new_id(),
        user_id=UUID(me["id"]),
        rp_id="localhost",
        credential_id=new_id().bytes,
        public_key=b"-",
        sign_count=0,
        name="Phone",
        transports=[],
    )
    async with runtime.database.transaction() as session:
        session.add(passkey)
    return str(passkey.id)


async def _identity(client: httpx.AsyncClient, runtime: Runtime, customer: dict[str, str]) -> str:
    """An account elsewhere that the customer signs in with."""
    me = (await client.get("/api/auth/me", headers=customer)).json()
    identity = Identity(
        id=new_id(), user_id=UUID(me["id"]), issuer="https://id.example.com", subject=new_id().hex
    )
    async with runtime.database.transaction() as session:
        session.add(identity)
    return str(identity.id)


async def _mail(runtime: Runtime, shop: Shop) -> str:
    """A mail of the shop in the development mailbox."""
    mail_id = new_id()
    for statement in (MESSAGE, OUTBOX_MAIL):
        await runtime.database.rows(statement, shop.company_id, mail_id)
    return str(mail_id)


async def _order(client: httpx.AsyncClient, customer: dict[str, str], goods: MadeProduct) -> dict[str, Any]:
    """The customer's placed order; another piece is left in the customer's cart."""
    calls = Calls(client, customer)
    line = {"productId": str(goods.product_id), "quantity": 1}
    await calls.post("/api/cart/items", line)
    placed = await calls.post("/api/orders", order_body(shippingAddress=ADDRESS))
    await calls.post("/api/cart/items", line)
    order: dict[str, Any] = placed["order"]
    return order
