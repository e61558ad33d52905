"""Fetch the pictures that wait at a product: the job behind every picture named by its address.

The row is the truth, not the queue: what is `waiting` is fetched, whichever job comes by, and a sweep finds
what a lost job left behind. A picture that may come later is tried again after a while, four times in all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.jobs import enqueue
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.actions.stamp_products import restamp_products
from pasar.shop.catalog.media.fetching import FetchFailed, fetch_picture
from pasar.shop.catalog.media.limits import PictureRefused
from pasar.shop.catalog.media.network import Network, PublicNetwork
from pasar.shop.catalog.media.storing import keep_picture, store_picture

log = structlog.get_logger(__name__)

JOB: Final = "catalog.fetch_picture"
MOST_ATTEMPTS: Final = 4
FIRST_WAIT_SECONDS: Final = 20.0
AT_ONCE: Final = 6
SWEPT: Final = 10_000

# Of this process: however many jobs run, so many pictures are under way.
_under_way: Final = asyncio.Semaphore(AT_ONCE)

WAITING = """
SELECT id, source_url FROM product_media
 WHERE company_id = $1 AND product_id = $2 AND status = 'waiting'
 ORDER BY position, id
"""
READY = """
UPDATE product_media SET status = 'ready', picture_id = $3, problem = NULL
 WHERE company_id = $1 AND id = $2 AND status = 'waiting'
"""
FAILED = """
UPDATE product_media SET status = 'failed', problem = $3
 WHERE company_id = $1 AND id = $2 AND status = 'waiting'
"""
POSTPONED = """
UPDATE product_media
   SET attempts = attempts + 1, problem = $3,
       status = CASE WHEN attempts + 1 >= $4 THEN 'failed' ELSE 'waiting' END
 WHERE company_id = $1 AND id = $2 AND status = 'waiting'
RETURNING attempts, status
"""
FORGOTTEN = """
SELECT company_id, product_id FROM product_media WHERE status = 'waiting'
 GROUP BY company_id, product_id ORDER BY company_id, product_id LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class _Waiting:
    company_id: UUID
    product_id: UUID
    id: UUID
    url: str


async def ask_for_pictures(session: AsyncSession, company_id: UUID, product_ids: Sequence[UUID]) -> None:
    """Have the waiting pictures of these products fetched once the session's transaction has committed.

    Many products travel as one job, which spreads into one each: pictures do not slow an import.
    """
    if not product_ids:
        return
    payload = {"companyId": str(company_id), "productIds": [str(product_id) for product_id in product_ids]}
    once_per = f"{JOB}:{product_ids[0]}" if len(product_ids) == 1 else None
    await enqueue(session, JOB, payload, once_per=once_per)


async def fetch_waiting(runtime: Runtime, payload: dict[str, Any], *, network: Network | None = None) -> None:
    """Fetch what waits at the product of the payload; spread a payload of several into a job each."""
    company_id = UUID(payload["companyId"])
    product_ids = [UUID(product_id) for product_id in payload["productIds"]]
    if len(product_ids) > 1:
        async with runtime.database.transaction() as session:
            for product_id in product_ids:
                await ask_for_pictures(session, company_id, [product_id])
        return
    here = network or PublicNetwork()
    tried: set[UUID] = set()
    # Again until nothing new waits: a picture added meanwhile could not enqueue a job beside this one.
    while found := await _untried(runtime, company_id, product_ids[0], tried):
        tried.update(waiting.id for waiting in found)
        async with asyncio.TaskGroup() as tasks:
            for waiting in found:
                tasks.create_task(_fetch_one(runtime, waiting, here))


async def _untried(runtime: Runtime, company_id: UUID, product_id: UUID, tried: Set[UUID]) -> list[_Waiting]:
    rows = await runtime.database.rows(WAITING, company_id, product_id)
    found = [_Waiting(company_id, product_id, row["id"], row["source_url"] or "") for row in rows]
    return [waiting for waiting in found if waiting.id not in tried]


async def sweep_waiting(runtime: Runtime) -> None:
    """Ask again for every picture that still waits: whatever became of its job."""
    async with runtime.database.transaction() as session:
        for row in await fetch(session, FORGOTTEN, (SWEPT,)):
            await ask_for_pictures(session, row.company_id, [row.product_id])


async def _fetch_one(runtime: Runtime, waiting: _Waiting, network: Network) -> None:
    try:
        async with _under_way:
            content = await fetch_picture(waiting.url, network)
            rendered = await store_picture(runtime.files, content)
    except PictureRefused as refusal:
        await runtime.database.rows(FAILED, waiting.company_id, waiting.id, refusal.reason)
        log.info("picture.refused", companyId=str(waiting.company_id), code=refusal.code)
        return
    except FetchFailed as failure:
        await _postpone(runtime, waiting, str(failure))
        return
    async with runtime.database.transaction() as session:
        picture_id = await keep_picture(session, waiting.company_id, rendered)
        await fetch(session, READY, (waiting.company_id, waiting.id, picture_id))
        await restamp_products(session, waiting.company_id, [waiting.product_id])


async def _postpone(runtime: Runtime, waiting: _Waiting, reason: str) -> None:
    """Count the failure; while tries are left, come back after 20 s, 80 s, 320 s."""
    async with runtime.database.transaction() as session:
        rows = await fetch(session, POSTPONED, (waiting.company_id, waiting.id, reason, MOST_ATTEMPTS))
        if rows and rows[0].status == "waiting":
            attempts = int(rows[0].attempts)
            payload = {"companyId": str(waiting.company_id), "productIds": [str(waiting.product_id)]}
            await enqueue(
                session,
                JOB,
                payload,
                once_per=f"{JOB}:{waiting.product_id}:{attempts}",
                delay_seconds=FIRST_WAIT_SECONDS * 4 ** (attempts - 1),
            )
