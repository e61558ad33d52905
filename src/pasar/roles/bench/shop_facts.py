"""What must a caller know of the shop? Its id, its currency, and some of its goods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.calls import Call, Script, UnexpectedAnswer

HOT_HANDLE: Final = "bench-hot-item"
SAMPLE: Final = 2000
PAGES: Final = 10
# Spread over the whole catalogue, and the same in every copy: ordered by a hash of the id.
GOODS: Final = """
SELECT v.product_id, v.id, p.handle, p.title
  FROM variants v JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE v.company_id = $1 AND p.status = 'active' AND p.handle <> $2
 ORDER BY md5(v.id::text) LIMIT $3
"""
HOT: Final = """
SELECT v.product_id, v.id, p.handle, p.title
  FROM variants v JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE v.company_id = $1 AND p.handle = $2
"""
CATEGORIES: Final = "SELECT handle FROM categories WHERE company_id = $1 ORDER BY handle"


@dataclass(frozen=True, slots=True)
class Good:
    """A variant that can be bought, and words of its title that can be searched for."""

    product_id: str
    variant_id: str
    handle: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """A shop to drive. `hot` is the variant that all buyers of `checkout.hot` want."""

    company_id: str
    currency: str
    goods: tuple[Good, ...]
    hot: Good
    categories: tuple[str, ...]

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call carries."""
        return (("x-company-id", self.company_id),)

    def good(self, number: int) -> Good:
        """The goods in turn."""
        return self.goods[number % len(self.goods)]


async def facts_from_database(address: DatabaseAddress, company_id: UUID, currency: str) -> ShopFacts:
    """Learn the shop from its tables."""
    arguments: dict[str, Any] = dict(address.connect_arguments())
    connection = await asyncpg.connect(**arguments)
    try:
        goods = [_good(*row) for row in await connection.fetch(GOODS, company_id, HOT_HANDLE, SAMPLE)]
        (hot,) = await connection.fetch(HOT, company_id, HOT_HANDLE)
        categories = [row[0] for row in await connection.fetch(CATEGORIES, company_id)]
    finally:
        await connection.close()
    return ShopFacts(str(company_id), currency, tuple(goods), _good(*hot), tuple(categories))


def facts_over_http() -> Script[ShopFacts]:
    """Learn a shop that runs elsewhere, from what it answers. Raises `UnexpectedAnswer` for an empty one."""
    site = yield Call("GET", "/api/site")
    products: list[Any] = []
    cursor = ""
    for _ in range(PAGES):
        page = yield Call("GET", f"/api/products?limit=100{cursor}")
        products += page["items"]
        if not page.get("nextCursor"):
            break
        cursor = f"&cursor={page['nextCursor']}"
    sold = [
        (product, variant) for product in products for variant in product["variants"] if variant["inStock"]
    ]
    if not sold:
        raise UnexpectedAnswer("The shop has nothing in stock to drive it with.")
    goods = [
        _good(product["id"], variant["id"], product["handle"], product["title"]) for product, variant in sold
    ]
    _, hot = max(
        zip((variant["available"] for _, variant in sold), goods, strict=True), key=lambda pair: pair[0]
    )
    tree = yield Call("GET", "/api/categories")
    categories = tuple(node["handle"] for node in (tree["items"] if isinstance(tree, dict) else tree))
    return ShopFacts(site["companyId"], site["currency"], tuple(goods), hot, categories)


def _good(product_id: object, variant_id: object, handle: str, title: str) -> Good:
    words = tuple(word.lower() for word in re.findall(r"[A-Za-z]{4,}", title))
    return Good(str(product_id), str(variant_id), handle, words or ("shop",))
