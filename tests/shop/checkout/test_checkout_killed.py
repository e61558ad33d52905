"""A process killed in the middle of a checkout loses nothing and holds nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.databases import address_text
from support.goods import make_product
from support.selling import check_out, guest_with, make_selling_shop, stock_of

PROGRAM = Path(__file__).parents[2] / "support" / "checkout_program.py"
TESTS = Path(__file__).parents[2]


@pytest.mark.money
@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("INSERT INTO orders", False),
        ("INSERT INTO payments", False),
        ("SET status = 'converted'", False),
        ("INSERT INTO stock_holds", False),
        ("COMMIT", False),
        ("answered", True),
    ],
)
async def test_killed(client: httpx.AsyncClient, runtime: Runtime, moment: str, kept: bool) -> None:
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop, stock=1)
    guest = await guest_with(client, shop, (goods, 1))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        address_text(runtime.database.address),
        str(shop.company_id),
        guest["x-session-token"],
        moment,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == -signal.SIGKILL, errors.decode()[-2000:]
    orders = "SELECT count(*) FROM orders WHERE company_id = $1"
    assert await runtime.database.value(orders, shop.company_id) == int(kept)
    # Row locks of the dead process end as soon as the server notices: the same cart can then be ordered.
    again = await asyncio.wait_for(check_out(client, guest), 20)
    assert again.status_code == 201, again.text
    counted = await runtime.database.row(
        "SELECT (SELECT count(*) FROM orders WHERE company_id = $1),"
        " (SELECT count(*) FROM payments WHERE company_id = $1),"
        " (SELECT count(*) FROM events WHERE company_id = $1 AND type = 'order.placed'),"
        " (SELECT count(*) FROM stock_holds WHERE company_id = $1)",
        shop.company_id,
    )
    assert counted is not None
    assert tuple(counted) == (1, 1, 1, 1)
    assert await stock_of(runtime, shop, goods) == (1, 1)
