"""Does the database hold what was counted? As many carts, lines, orders and holds as right answers came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.databases import connected
from pasar.roles.bench.shop_facts import HOT_HANDLE

COUNTED: Final = {
    "carts": "SELECT count(*) FROM carts",
    "cart_lines": "SELECT count(*) FROM cart_lines",
    "orders": "SELECT count(*) FROM orders",
    "order_lines": "SELECT count(*) FROM order_lines",
    "stock_holds": "SELECT coalesce(sum(quantity), 0) FROM stock_holds",
    "stock_reserved": "SELECT coalesce(sum(reserved), 0) FROM stock_levels",
}
HOT_RESERVED: Final = """
SELECT coalesce(sum(s.reserved), 0) FROM stock_levels s
  JOIN variants v ON v.company_id = s.company_id AND v.id = s.variant_id
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE p.handle = $1
"""


async def count_rows(address: DatabaseAddress) -> Counter[str]:
    """How many rows of each kind there are; `hot_reserved` is the stock promised of the hot item."""
    async with connected(address) as connection:
        counted = Counter({name: int(await connection.fetchval(sql)) for name, sql in COUNTED.items()})
        counted["hot_reserved"] = int(await connection.fetchval(HOT_RESERVED, HOT_HANDLE))
    return counted


def differences(
    before: Mapping[str, int], after: Mapping[str, int], made: Mapping[str, int], *, hot: bool
) -> list[str]:
    """A sentence for every table whose growth is not what was counted. Empty when all agree.

    A checked-out cart keeps its lines. Each order reserves what it holds; with `hot`, of the hot item.
    """
    expected = {name: made.get(name, 0) for name in COUNTED}
    expected["stock_reserved"] = expected["stock_holds"]
    expected["hot_reserved"] = expected["stock_holds"] if hot else 0
    return [
        f"{name}: {after[name] - before[name]} more in the database, {wanted} counted"
        for name, wanted in expected.items()
        if after[name] - before[name] != wanted
    ]
