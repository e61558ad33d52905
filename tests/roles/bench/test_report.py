"""What is written down, and what is counted as an error."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import msgspec

from pasar.roles.bench.counting import differences
from pasar.roles.bench.load import Driven
from pasar.roles.bench.machine import Machine
from pasar.roles.bench.report import as_json, as_markdown, result_of

DRIVEN = Driven(
    seconds=2.0,
    latencies=[1.0, 2.0, 3.0, 4.0],
    own_cpu_seconds=0.0001,
    server_cpu_seconds=0.002,
    made=Counter(carts=4),
)
MACHINE = Machine("A CPU", 2, 24.0, 0.5, "Linux", "3.11", "18.4", datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


def test_the_json_has_the_promised_fields() -> None:
    results = [
        result_of("cart.create", 32, DRIVEN, floor_rps=4.0),
        result_of("search", 1, Driven(errors=2, first_error="refused")),
    ]
    assert msgspec.json.decode(as_json(results)) == [
        {"name": "cart.create", "clients": 32, "rps": 2.0, "p50": 2.0, "p95": 4.0, "p99": 4.0,
         "errors": 0, "floorRps": 4.0, "ratio": 0.5},
        {"name": "search", "clients": 1, "rps": 0.0, "p50": None, "p95": None, "p99": None,
         "errors": 2, "floorRps": None, "ratio": None},
    ]  # fmt: skip


def test_markdown_names_the_machine_and_the_statements() -> None:
    result = result_of(
        "cart.create", 32, DRIVEN, floor_rps=4.0, statements=["INSERT\n  INTO carts", "COMMIT;"]
    )
    text = as_markdown([result], MACHINE, about="About.")
    assert "2026-11-20 09:00 UTC, A CPU, 2 cores, 24 GiB" in text
    assert "| cart.create | 32 | 2 | 2.0 | 4.0 | 4.0 | 0 | 4 | 0.50 | 25 | 500 |" in text
    assert "- `cart.create`: `INSERT INTO carts` · `COMMIT;`" in text


def test_what_the_database_disagrees_with_is_an_error() -> None:
    before = Counter(carts=10, cart_lines=3)
    after = Counter(carts=14, cart_lines=4)
    assert differences(before, after, {"carts": 4, "cart_lines": 1}, hot=False) == []
    problems = differences(before, after, {"carts": 5, "cart_lines": 1}, hot=False)
    assert problems == ["carts: 4 more in the database, 5 counted"]
    assert result_of("cart.create", 1, DRIVEN, problems=problems).errors == 1


def test_a_hot_item_sold_twice_or_not_at_all_is_noticed() -> None:
    made = {"orders": 2, "order_lines": 2, "stock_holds": 2}
    right = Counter(orders=2, order_lines=2, stock_holds=2, stock_reserved=2, hot_reserved=2)
    assert differences(Counter(), right, made, hot=True) == []
    assert differences(Counter(), right | Counter(hot_reserved=3), made, hot=True) == [
        "hot_reserved: 3 more in the database, 2 counted"
    ]
