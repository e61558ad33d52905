"""The demo looks as if it had been open for weeks, and starting again changes nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.database import Database
from pasar.roles.assembling import open_runtime
from pasar.roles.demo.seeding import seed_demo
from pasar.shop.catalog.media.addresses import Rendering

PASSWORD = "a-long-demo-password"
STATES = {"pending", "confirmed", "processing", "shipped", "delivered", "completed", "cancelled"}


async def rows(database: Database, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await database.rows(statement, *arguments)]


@pytest.mark.slow
async def test_the_demo_is_whole_and_made_once(fresh_database: Database, tmp_path: Path) -> None:
    settings = load_settings({"PASAR_HOME": str(tmp_path), "LOG_LEVEL": "WARNING"})
    runtime = open_runtime(settings, fresh_database, SystemClock())
    told: list[str] = []
    began = time.monotonic()
    facts = await seed_demo(runtime, password=PASSWORD, told=told.append)
    print(f"seeded in {time.monotonic() - began:.1f} s")
    assert facts.fresh
    assert len(told) == 3
    company = facts.company_id

    states = await rows(
        fresh_database, "SELECT status, count(*) FROM orders WHERE company_id = $1 GROUP BY 1", company
    )
    assert {state for state, _ in states} == STATES
    currencies = await rows(
        fresh_database, "SELECT DISTINCT currency, site_id FROM orders WHERE company_id = $1", company
    )
    assert set(currencies) == {("USD", facts.site_id), ("IDR", facts.indonesian_site_id)}
    late = "SELECT count(*) FROM order_history WHERE company_id = $1 AND at > now()"
    assert await fresh_database.value(late, company) == 0, "nothing happens in the future"

    counts = await rows(
        fresh_database,
        """
        SELECT (SELECT count(*) FROM products WHERE company_id = $1 AND status = 'active'),
               (SELECT count(*) FROM products WHERE company_id = $1 AND NOT in_stock),
               (SELECT count(DISTINCT category_id) FROM products WHERE company_id = $1),
               (SELECT count(*) FROM variants v WHERE company_id = $1 AND 2 <> (
                   SELECT count(*) FROM prices p WHERE p.company_id = v.company_id AND p.variant_id = v.id)),
               (SELECT count(*) FROM product_media WHERE company_id = $1 AND status = 'ready')
        """,
        company,
    )
    assert counts == [(24, 1, 5, 0, 24)], "the carafe is sold out"
    for digest, widths in await rows(
        fresh_database, "SELECT content_hash, widths FROM pictures WHERE company_id = $1", company
    ):
        assert widths == [160, 480, 960, 1600]
        for width in widths:
            assert await runtime.files.exists(Rendering(digest, width, "webp").key)
            assert await runtime.files.exists(Rendering(digest, width, "jpg").key)

    reserved = """
        SELECT (SELECT coalesce(sum(reserved), 0) FROM stock_levels WHERE company_id = $1),
               (SELECT coalesce(sum(quantity), 0) FROM stock_holds
                 WHERE company_id = $1 AND status IN ('held', 'committed'))
    """
    ((reserved_now, held_now),) = await rows(fresh_database, reserved, company)
    assert reserved_now == held_now > 0

    again = await seed_demo(runtime, password="another-password", told=told.append)
    assert (again.company_id, again.fresh, len(told)) == (company, False, 3)
    await runtime.http.aclose()


@pytest.mark.slow
async def test_a_seeding_that_was_killed_is_finished_by_the_next(
    fresh_database: Database, tmp_path: Path
) -> None:
    settings = load_settings({"PASAR_HOME": str(tmp_path), "LOG_LEVEL": "WARNING"})
    runtime = open_runtime(settings, fresh_database, SystemClock())

    class Killed(Exception):
        """Stands for the end of the process before the orders."""

    def stop(line: str) -> None:
        if line.startswith("Placing"):
            raise Killed

    with pytest.raises(Killed):
        await seed_demo(runtime, password=PASSWORD, told=stop)
    facts = await seed_demo(runtime, password=PASSWORD, told=lambda line: None)
    assert facts.fresh
    counts = """
        SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM orders),
               (SELECT count(*) FROM companies)
    """
    assert await rows(fresh_database, counts) == [(24, 23, 1)]
    await runtime.http.aclose()
