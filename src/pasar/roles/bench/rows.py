"""What is measured? Each row of the table: how it is prepared, and which call counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pasar.kernel.ids import new_id
from pasar.roles.bench.calls import Call, Script, posting
from pasar.roles.bench.shop_facts import Good, ShopFacts

OK: Final = frozenset({200, 201})
CREATED: Final = frozenset({201})
ADDRESS: Final = {
    "name": "Rani Wijaya",
    "line1": "500 Market Street",
    "city": "San Francisco",
    "region": "CA",
    "postalCode": "94105",
    "country": "US",
}
PASSWORD: Final = "a long pass phrase for the bench"  # noqa: S105  of a person who lives for a minute


@dataclass(frozen=True, slots=True)
class Row:
    """`case(facts, opening's result, number)` prepares one measured call and returns it.

    `distinct`: how many cases are prepared at most; with fewer than are needed, they go round (reads only).
    `beside` makes a call that further connections repeat meanwhile, half of the time; it may write. The row
    is then told three times: in company, as `alone` without it, and as `company` what the others got.
    `only_clients` fixes the number of clients.
    """

    name: str
    case: Callable[[ShopFacts, Any, int], Script[Call]]
    opening: Callable[[ShopFacts], Script[Any]] | None = None
    distinct: int | None = None
    beside: Callable[[ShopFacts, Any], Call] | None = None
    only_clients: int | None = None
    alone: str = ""
    company: str = ""


def create_cart(facts: ShopFacts) -> Call:
    """A guest opens a cart."""
    return posting(
        "/api/public/cart",
        {"currency": facts.currency},
        headers=facts.headers,
        statuses=CREATED,
        needle=b'"sessionToken":"',
        makes=("carts",),
    )


def add_item(facts: ShopFacts, cart: Mapping[str, Any], good: Good, count: int) -> Call:
    """The guest adds one piece; the answer is the whole cart, now of `count` pieces."""
    return posting(
        f"/api/public/cart/{cart['id']}/items",
        {"productId": good.product_id, "variantId": good.variant_id, "quantity": 1},
        headers=(*facts.headers, ("x-session-token", cart["sessionToken"])),
        statuses=OK,
        needle=b'"itemCount":%d' % count,
        makes=("cart_lines",),
    )


def read_cart(facts: ShopFacts, cart: Mapping[str, Any], count: int) -> Call:
    """The guest looks into the cart."""
    headers = (*facts.headers, ("x-session-token", cart["sessionToken"]))
    return Call("GET", "/api/public/cart", headers=headers, needle=b'"itemCount":%d' % count)


def check_out(facts: ShopFacts, cart: Mapping[str, Any], number: int) -> Call:
    """The guest orders, to be paid by hand."""
    content = {"email": f"guest{number}@example.com", "shippingAddress": ADDRESS, "paymentMethod": "manual"}
    return posting(
        "/api/public/checkout",
        content,
        headers=(
            *facts.headers,
            ("x-session-token", cart["sessionToken"]),
            ("idempotency-key", new_id().hex),
        ),
        statuses=CREATED,
        needle=b'"number":"',
        makes=("orders", "order_lines", "stock_holds"),
    )


def _cart_create(facts: ShopFacts, _: Any, _number: int) -> Script[Call]:
    yield from ()
    return create_cart(facts)


def _cart_add_item(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    cart = yield create_cart(facts)
    return add_item(facts, cart, facts.good(number), 1)


def _cart_read(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    cart = yield create_cart(facts)
    for place in range(3):
        yield add_item(facts, cart, facts.good(number * 3 + place), place + 1)
    return read_cart(facts, cart, 3)


def _checkout(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    cart = yield create_cart(facts)
    yield add_item(facts, cart, facts.good(number), 1)
    return check_out(facts, cart, number)


def _checkout_hot(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    cart = yield create_cart(facts)
    yield add_item(facts, cart, facts.hot, 1)
    return check_out(facts, cart, number)


def _reading(path: str, facts: ShopFacts, needle: bytes) -> Script[Call]:
    yield from ()
    return Call("GET", path, headers=facts.headers, needle=needle)


def _product_list(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    category = f"&category={facts.categories[number % len(facts.categories)]}" if number % 2 else ""
    return _reading(f"/api/products?limit=20{category}", facts, b'"variants":[{')


def _product_page(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    handle = facts.good(number).handle
    return _reading(f"/api/products/{handle}", facts, f'"handle":"{handle}"'.encode())


def _search(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    words = facts.good(number * 7).words
    text = words[number % len(words)]
    if number % 5 == 4:
        text = text[:2] + text[3:]  # one letter left out
    elif number % 5 == 3:
        text = "%20".join(words[:2])
    return _reading(f"/api/search?q={text}", facts, b'"facets":')


def _suggest(facts: ShopFacts, _: Any, number: int) -> Script[Call]:
    words = facts.good(number * 11).words
    prefix = words[number % len(words)][: 3 + number % 3]
    return _reading(f"/api/search/suggest?q={prefix}", facts, b"[")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed up for the bench."""

    email: str
    token: str


def _sign_up(facts: ShopFacts) -> Script[Person]:
    email = f"bench-{new_id().hex}@example.com"
    content = {"email": email, "password": PASSWORD, "name": "Rani Wijaya"}
    answer = yield posting("/api/auth/register", content, headers=facts.headers, statuses=CREATED)
    return Person(email, answer["accessToken"])


def _session_check(facts: ShopFacts, person: Person, _number: int) -> Script[Call]:
    headers = (*facts.headers, ("authorization", f"Bearer {person.token}"))
    yield from ()
    return Call("GET", "/api/auth/me", headers=headers, needle=f'"email":"{person.email}"'.encode())


def _login(facts: ShopFacts, person: Person) -> Call:
    content = {"email": person.email, "password": PASSWORD}
    return posting("/api/auth/login", content, headers=facts.headers, statuses=OK, needle=b'"accessToken":"')


ROWS: Final = (
    Row("cart.create", _cart_create),
    Row("cart.add_item", _cart_add_item),
    Row("cart.read", _cart_read, distinct=200),
    Row("product.list", _product_list, distinct=40),
    Row("product.page", _product_page, distinct=500),
    Row("search", _search, distinct=500),
    Row("suggest", _suggest, distinct=500),
    Row("checkout", _checkout),
    Row("checkout.hot", _checkout_hot),
    Row("session.check", _session_check, opening=_sign_up, distinct=1),
    # Hashing a password takes 20 ms of a core: whoever looks into a cart must not wait for it.
    Row(
        "cart.read while signing in",
        _cart_read,
        opening=_sign_up,
        distinct=200,
        beside=_login,
        only_clients=100,
        alone="cart.read, nobody signs in",
        company="sign-in meanwhile",
    ),
)
IMPORT_ROW: Final = "import"
LIMITER_ROW: Final = "limiter"
ROW_NAMES: Final = (*(row.name for row in ROWS), LIMITER_ROW, IMPORT_ROW)
