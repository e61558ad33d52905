"""What does a batch of an import leave to do with stock?

Products and the first stock of new variants are one transaction; what concerns stock that buyers may be
drawing from at this moment is another one, afterwards. So an import never waits for a stock level while it
holds products, which buyers of a last piece wait for (the order of locks: `shop.inventory`). A strict import
keeps this work in a file until all of its products are written, with flat memory.

An import that is killed between the two is run again: what it counts is set then, with `--stock`. A changed
"may be backordered" is no longer a change by then, and is settled in inventory by hand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database
from pasar.shop.catalog.drafts import UpsertOutcome
from pasar.shop.catalog.importing.shopify_drafts import DraftedProduct
from pasar.shop.catalog.importing.trying_again import in_transaction
from pasar.shop.catalog.shopify_product import Problem
from pasar.shop.catalog.stock_keeping import stock_keeper

IN_MEMORY: Final = 4 * 1024 * 1024
LENGTH_BYTES: Final = 4


class StockWork(msgspec.Struct):
    """Stock of known variants: (on hand, allow backorder) as counted, switches of backorder that the file
    changed, and the physical line of each variant."""

    counts: dict[UUID, tuple[int, bool]] = msgspec.field(default_factory=dict)
    switches: dict[UUID, bool] = msgspec.field(default_factory=dict)
    lines: dict[UUID, int] = msgspec.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.counts or self.switches)


async def put_in_new(
    session: AsyncSession, company_id: UUID, outcomes: Sequence[UpsertOutcome], *, author: str
) -> None:
    """Give new variants their first stock: those that the file counts, or sells without any."""
    new = [variant for outcome in outcomes for variant in outcome.new_variants]
    rows = [
        (v.id, v.on_hand or 0, v.allow_backorder) for v in new if v.on_hand is not None or v.allow_backorder
    ]
    await stock_keeper().put_in(session, company_id, rows, author=author)


def stock_work(
    batch: Sequence[DraftedProduct], outcomes: Sequence[UpsertOutcome], *, counted: bool
) -> StockWork:
    """What is left to do with stock; `counted` when the file's figures hold for known variants too.

    A variant that comes twice is counted once: the last row wins.
    """
    work = StockWork()
    made = {variant.id for outcome in outcomes for variant in outcome.new_variants}
    for item, outcome in zip(batch, outcomes, strict=True):
        for draft in item.draft.variants:
            variant_id = outcome.variants.get(draft.option_values)
            if variant_id is None or variant_id in made:
                continue
            work.lines[variant_id] = item.lines[draft.option_values]
            if counted and draft.on_hand is not None:
                work.counts[variant_id] = (draft.on_hand, draft.allow_backorder)
        work.switches.update(outcome.switched)
    return work


async def do_stock_work(
    database: Database, company_id: UUID, work: StockWork, *, author: str
) -> list[Problem]:
    """Write it, switches and counts in a transaction each, and answer what could not be as the file says.

    Doing it again changes nothing more.
    """
    keeper = stock_keeper()

    async def switch(session: AsyncSession) -> Collection[UUID]:
        return await keeper.allow_backorder(session, company_id, work.switches, author=author)

    async def count(session: AsyncSession) -> Mapping[UUID, int]:
        rows = [(variant_id, *counted) for variant_id, counted in work.counts.items()]
        return await keeper.count(session, company_id, rows, author=author)

    stay = await in_transaction(database, switch) if work.switches else ()
    kept = await in_transaction(database, count) if work.counts else {}
    found = [_stays_open(work.lines[variant_id]) for variant_id in stay]
    for variant_id, on_hand in kept.items():
        found.append(_reserved(work.lines[variant_id], work.counts[variant_id][0], on_hand))
    return sorted(found, key=lambda problem: problem.line)


def _stays_open(line: int) -> Problem:
    return Problem(
        line,
        "Variant Inventory Policy",
        "backorders_open",
        "More is promised than lies there, so it stays open for orders without stock. Put goods in first.",
        "warning",
    )


def _reserved(line: int, counted: int, on_hand: int) -> Problem:
    return Problem(
        line,
        "Variant Inventory Qty",
        "stock_reserved",
        f"{counted} counted, but more is reserved for orders: {on_hand} stay on hand.",
        "warning",
    )


class KeptWork:
    """Stock work of many batches, kept until the products are written: in memory while it is little."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by `close`

    def keep(self, work: StockWork) -> None:
        """Keep one batch's."""
        content = msgspec.msgpack.encode(work)
        self._file.write(len(content).to_bytes(LENGTH_BYTES) + content)

    def batches(self) -> Iterator[StockWork]:
        """Each batch's, in the order in which they came."""
        self._file.seek(0)
        while length := self._file.read(LENGTH_BYTES):
            yield msgspec.msgpack.decode(self._file.read(int.from_bytes(length)), type=StockWork)

    def close(self) -> None:
        """Forget it all."""
        self._file.close()
