"""What an order left elsewhere of its buyer goes too: words in the cart, answers kept for repeats."""

from __future__ import annotations

import httpx

from pasar.kernel.events.relay import Relay
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import add_user
from pasar.shop.checkout.subscribers import SUBSCRIBERS
from support.goods import make_product
from support.people import CHEAP_HASH, PASSWORD, make_staff, new_email
from support.selling import check_out, make_selling_shop

WORD = "Zanzibarq84b7"
LEFT = """
SELECT (SELECT count(*) FROM cart_lines WHERE company_id = $1 AND custom_fields::text LIKE $2)
     + (SELECT count(*) FROM idempotency_keys
         WHERE company_id = $1 AND (convert_from(body, 'UTF8') LIKE $2 OR convert_from(body, 'UTF8') LIKE $3))
"""


async def test_words_of_a_guest_s_cart_and_staff_s_answers_go_too(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop)
    staff = await make_staff(runtime, shop)
    email = new_email()
    opened = (await client.post("/api/public/cart", headers=shop.headers)).json()
    guest = shop.headers | {"x-session-token": opened["sessionToken"]}
    line = {"productId": str(goods.product_id), "quantity": 1, "customFields": {"note": f"for {WORD}"}}
    added = await client.post(f"/api/public/cart/{opened['id']}/items", json=line, headers=guest)
    assert added.status_code == 201, added.text
    placed = await check_out(client, guest | {"Idempotency-Key": "one-guest-order"}, email=email)
    order = placed.json()["order"]
    for verb, body in (("confirm", {}), ("ship", {"carrier": "DHL"}), ("deliver", {})):
        headers = staff | {"Idempotency-Key": f"{verb}-{order['id']}"}
        done = await client.post(f"/api/admin/orders/{order['id']}/{verb}", json=body, headers=headers)
        assert done.status_code == 200, done.text
    left = (shop.company_id, f"%{WORD}%", f"%{email}%")
    assert await runtime.database.value(LEFT, *left) > 3, "there is something to forget"

    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=email, name="Zan Buyer", password_hash=CHEAP_HASH)
    proved = "UPDATE users SET email_verified_at = now() WHERE id = $1"
    await runtime.database.rows(proved, user_id)
    signed_in = await client.post(
        "/api/auth/login", json={"email": email, "password": PASSWORD}, headers=shop.headers
    )
    bearer = {"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
    erased = await client.post("/api/account/erase", json={}, headers=shop.headers | bearer)
    assert erased.status_code == 200, erased.text
    await Relay(runtime, SUBSCRIBERS).drain()

    assert await runtime.database.value(LEFT, *left) == 0
    again = await client.post(
        f"/api/admin/orders/{order['id']}/deliver",
        json={},
        headers=staff | {"Idempotency-Key": f"deliver-{order['id']}"},
    )
    assert (again.status_code, again.json()) == (200, {}), "the key stays used"
