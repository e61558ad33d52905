"""Import a catalogue from a Shopify product CSV, in one stream with flat memory.

The file is read in a thread, one batch ahead of the database. Each batch is a transaction of its own, written
so that doing it again changes nothing: an import that was killed is simply run again. A strict import is one
transaction for all products; from the first error on it writes no more, reads on for the report, and is
undone. Stock that buyers may be drawing from follows in transactions of its own (`stock_work`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import company_settings
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.drafts import UpsertOutcome
from pasar.shop.catalog.importing.report import ImportReport
from pasar.shop.catalog.importing.shopify_drafts import DraftedProduct, drafted
from pasar.shop.catalog.importing.stock_work import (
    KeptWork,
    StockWork,
    do_stock_work,
    put_in_new,
    stock_work,
)
from pasar.shop.catalog.importing.trying_again import in_transaction
from pasar.shop.catalog.media.waiting import ask_for_pictures
from pasar.shop.catalog.shopify_product import Problem, ShopifyProduct
from pasar.shop.catalog.shopify_reading import read_products
from pasar.shop.catalog.stock_keeping import stock_keeper

BATCH_ROWS: Final = 1_000
BATCH_PRODUCTS: Final = 400

OnProgress = Callable[[ImportReport], Awaitable[None]]

WAITING_PRODUCTS = """
SELECT DISTINCT product_id FROM product_media
 WHERE company_id = $1 AND product_id = ANY($2::uuid[]) AND status = 'waiting' AND attempts = 0
"""


class _Undo(Exception):
    """Rolls a strict import back; never leaves this file."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What stays the same over all batches of an import."""

    runtime: Runtime
    company_id: UUID
    currency: str
    update_stock: bool
    author: str
    unique_skus: bool
    report: ImportReport


async def import_products(
    runtime: Runtime,
    company_id: UUID,
    stream: BinaryIO,
    *,
    currency: str,
    strict: bool = False,
    update_stock: bool = False,
    author: str,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Import the file in `stream`, whose prices are in `currency`, and report.

    Stock is set for new variants only, or for all that the file counts with `update_stock`. With `strict`,
    one error anywhere and nothing is written. `on_progress` hears the report so far after each batch. Raises
    MoneyError for an unknown currency, and what the database raises; a batch that was written stays.
    """
    settings = await company_settings(runtime.database, company_id)
    report = ImportReport()
    task = _Task(runtime, company_id, currency, update_stock, author, settings.unique_skus, report)
    products = read_products(stream, currency=currency, on_problem=report.note)
    async with aclosing(_ahead(_batches(products, report))) as batches:
        await (_import_strictly if strict else _import_leniently)(task, batches, on_progress)
    return report


async def _import_leniently(
    task: _Task, batches: AsyncIterator[list[DraftedProduct]], on_progress: OnProgress | None
) -> None:
    async for batch in batches:
        told = await in_transaction(task.runtime.database, partial(_import_batch, task, batch))
        _count(task.report, batch, told)
        await _follow_with_stock(task, stock_work(batch, told, counted=task.update_stock))
        if on_progress:
            await on_progress(task.report)


async def _import_strictly(
    task: _Task, batches: AsyncIterator[list[DraftedProduct]], on_progress: OnProgress | None
) -> None:
    report = task.report
    with closing(KeptWork()) as later:
        try:
            async with task.runtime.database.transaction() as session:
                async for batch in batches:
                    told = None if report.errors else await _import_batch(task, batch, session)
                    _count(report, batch, told)
                    if told is not None:
                        later.keep(stock_work(batch, told, counted=task.update_stock))
                    if on_progress:
                        await on_progress(report)
                if report.errors:
                    raise _Undo
        except _Undo:
            report.undo()
            return
        for work in later.batches():
            await _follow_with_stock(task, work)


async def _import_batch(
    task: _Task, batch: Sequence[DraftedProduct], session: AsyncSession
) -> list[UpsertOutcome]:
    """Write one batch: products, then their pictures' job, and the first stock of what is new."""
    await stock_keeper().lock(session, task.company_id, ())
    outcomes = await upsert_products(
        session,
        task.company_id,
        [item.draft for item in batch],
        author=task.author,
        currency=task.currency,
        at=task.runtime.clock.now(),
        unique_skus=task.unique_skus,
    )
    changed = sorted({o.product_id for o in outcomes if o.product_id and o.outcome != "unchanged"})
    waiting = await fetch(session, WAITING_PRODUCTS, (task.company_id, changed))
    await ask_for_pictures(session, task.company_id, [row.product_id for row in waiting])
    await put_in_new(session, task.company_id, outcomes, author=task.author)
    return outcomes


async def _follow_with_stock(task: _Task, work: StockWork) -> None:
    """Do what a batch left to do with stock, now that its products are committed."""
    for problem in await do_stock_work(task.runtime.database, task.company_id, work, author=task.author):
        task.report.note(problem)


def _count(
    report: ImportReport, batch: Sequence[DraftedProduct], outcomes: Sequence[UpsertOutcome] | None
) -> None:
    """Add a batch to the report; `outcomes` is None when it was only read."""
    seen: set[str] = set()
    for place, item in enumerate(batch):
        report.rows += item.rows
        report.variants += len(item.draft.variants)
        report.products += not item.draft.partial
        if outcomes is None:
            continue
        outcome = outcomes[place]
        if outcome.outcome == "refused":
            reason = outcome.problem or "The product cannot be taken."
            report.note(Problem(item.line, "", "product_refused", reason, "error"))
        elif item.draft.handle not in seen:
            seen.add(item.draft.handle)
            report.created += outcome.outcome == "created"
            report.updated += outcome.outcome == "updated"
            report.unchanged += outcome.outcome == "unchanged" and not item.draft.partial


def _batches(products: Iterator[ShopifyProduct], report: ImportReport) -> Iterator[list[DraftedProduct]]:
    """Neighbouring products, some hundred rows at a time: one transaction, a few statements."""
    batch: list[DraftedProduct] = []
    rows = 0
    for product in products:
        item = drafted(product)
        for problem in item.problems:
            report.note(problem)
        batch.append(item)
        rows += item.rows
        if rows >= BATCH_ROWS or len(batch) >= BATCH_PRODUCTS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


async def _ahead(batches: Iterator[list[DraftedProduct]]) -> AsyncGenerator[list[DraftedProduct], None]:
    """The batches, the next one read in a thread while the caller writes the one that it has."""
    reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await reading) is not None:
            reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        # The thread must have left the stream before the caller closes it.
        await asyncio.wait([reading])
