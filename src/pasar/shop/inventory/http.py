"""Stock over HTTP, for staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import BadRequest, NotFound
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_settings
from pasar.shop.catalog.public import VariantFacts, variants_by_id, variants_by_sku
from pasar.shop.inventory.actions.adjust_stock import Adjustment, adjust_stock
from pasar.shop.inventory.actions.set_stock_rules import set_stock_rules
from pasar.shop.inventory.cursors import read_id, read_number, read_time, write_number, write_time
from pasar.shop.inventory.http_locations import LOCATION_ROUTES
from pasar.shop.inventory.queries import (
    StockFacts,
    count_low_stock,
    count_stocked,
    history_of,
    levels_of,
    low_stock,
    stock_list,
)
from pasar.shop.inventory.schemas import (
    AdjustedAnswer,
    AdjustmentAnswer,
    AdjustmentInput,
    StockAnswer,
    StockLevelAnswer,
    StockRulesInput,
)
from pasar.shop.inventory.stock_status import reorder_level_of

AnyRequest = Request[Any, Any, Any]
PATH = "/api/admin/inventory"
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


@get(PATH, guards=[staff("inventory:read")], tags=["Inventory"])
async def list_stock(
    context: Context,
    runtime: Runtime,
    variant_id: Annotated[UUID | None, QueryParameter(name="variantId")] = None,
    sku: str | None = None,
    limit: Limit = 50,
    cursor: str | None = None,
) -> Page[StockAnswer]:
    """List stock: of one variant, of all variants with a SKU (SKUs may repeat), or of everything."""
    company_id = context.company_id
    if variant_id is not None and sku is not None:
        raise BadRequest("one_of_variant_sku", "Ask by variantId or by sku, not both.")
    if variant_id is None and sku is None:
        stock = await stock_list(runtime.database, company_id, after=read_id(cursor), limit=limit + 1)
        page = stock[:limit]
        variants = await _variants(runtime, company_id, page)
        return Page(
            items=await _answers(runtime, company_id, page, variants),
            next_cursor=str(page[-1].variant_id) if len(stock) > limit else None,
            total=await count_stocked(runtime.database, company_id),
        )
    async with runtime.database.transaction() as session:
        if sku is not None:
            variants = {facts.id: facts for facts in await variants_by_sku(session, company_id, sku)}
        else:
            variants = await variants_by_id(session, company_id, [variant_id] if variant_id else [])
    if variant_id is not None and not variants:
        raise _unknown()
    stock = list((await levels_of(runtime.database, company_id, list(variants))).values())
    return Page(items=await _answers(runtime, company_id, stock, variants), total=len(stock))


@get(f"{PATH}/low-stock", guards=[staff("inventory:read")], tags=["Inventory"])
async def list_low_stock(
    context: Context, runtime: Runtime, limit: Limit = 50, cursor: str | None = None
) -> Page[StockAnswer]:
    """List what is at or under its reorder level (else the company's default), the scarcest first."""
    company_id, database = context.company_id, runtime.database
    default = (await company_settings(database, company_id)).low_stock_default
    stock = await low_stock(
        database, company_id, company_default=default, after=read_number(cursor), limit=limit + 1
    )
    page = stock[:limit]
    more = len(stock) > limit
    return Page(
        items=await _answers(runtime, company_id, page, await _variants(runtime, company_id, page)),
        next_cursor=write_number(page[-1].available, page[-1].variant_id) if more else None,
        total=await count_low_stock(database, company_id, default),
    )


@get(f"{PATH}/adjustments", guards=[staff("inventory:read")], tags=["Inventory"])
async def list_adjustments(
    context: Context,
    runtime: Runtime,
    variant_id: Annotated[UUID, QueryParameter(name="variantId")],
    limit: Limit = 50,
    cursor: str | None = None,
) -> Page[AdjustmentAnswer]:
    """List a variant's changes of stock with reason and author, newest first."""
    rows = await history_of(
        runtime.database, context.company_id, variant_id, before=read_time(cursor), limit=limit + 1
    )
    page = rows[:limit]
    return Page(
        items=[
            AdjustmentAnswer(
                id=row.id,
                variant_id=row.variant_id,
                location_id=row.location_id,
                delta=row.delta,
                on_hand=row.on_hand_after,
                reason=row.reason,
                note=row.note,
                author=row.author,
                created_at=row.created_at,
            )
            for row in page
        ],
        next_cursor=write_time(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@post(f"{PATH}/adjustments", guards=[staff("inventory:write")], tags=["Inventory"])
async def make_adjustment(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    data: AdjustmentInput,
    idempotency_key: IdempotencyKey = None,
) -> Response[AdjustedAnswer]:
    """Count stock (`setTo`, what is on hand) or note a change (`delta`); below what is reserved is 409."""

    async def work(session: AsyncSession) -> AdjustedAnswer:
        if not await variants_by_id(session, context.company_id, [data.variant_id]):
            raise _unknown()
        made = await adjust_stock(
            session,
            context.company_id,
            data.variant_id,
            location_id=data.location_id,
            set_to=data.set_to,
            delta=data.delta,
            reason=data.reason,
            note=data.note,
            author=context.caller.label,
            at=runtime.clock.now(),
        )
        return _adjusted(made)

    return await once(request, work, key=idempotency_key)


@put(f"{PATH}/{{variant_id:uuid}}", guards=[staff("inventory:write")], tags=["Inventory"])
async def edit_stock_rules(
    context: Context, runtime: Runtime, variant_id: UUID, data: StockRulesInput
) -> StockAnswer:
    """Set from which level a variant counts as low, and whether it is sold below zero."""
    company_id = context.company_id
    async with runtime.database.transaction() as session:
        variants = await variants_by_id(session, company_id, [variant_id])
        if not variants:
            raise _unknown()
        await set_stock_rules(
            session,
            company_id,
            variant_id,
            reorder_level=data.reorder_level,
            allow_backorder=data.allow_backorder,
        )
    stock = await levels_of(runtime.database, company_id, [variant_id])
    return (await _answers(runtime, company_id, list(stock.values()), variants))[0]


async def _variants(
    runtime: Runtime, company_id: UUID, stock: Sequence[StockFacts]
) -> dict[UUID, VariantFacts]:
    async with runtime.database.transaction() as session:
        return await variants_by_id(session, company_id, [facts.variant_id for facts in stock])


async def _answers(
    runtime: Runtime, company_id: UUID, stock: Sequence[StockFacts], variants: dict[UUID, VariantFacts]
) -> list[StockAnswer]:
    default = (await company_settings(runtime.database, company_id)).low_stock_default
    return [_answer(facts, variants.get(facts.variant_id), default) for facts in stock]


def _adjusted(made: Adjustment) -> AdjustedAnswer:
    return AdjustedAnswer(
        id=made.id,
        variant_id=made.variant_id,
        location_id=made.location_id,
        delta=made.delta,
        on_hand=made.on_hand,
        available=made.available,
        reason=made.reason,
        note=made.note,
        author=made.author,
        created_at=made.at,
    )


def _answer(stock: StockFacts, variant: VariantFacts | None, company_default: int) -> StockAnswer:
    return StockAnswer(
        variant_id=stock.variant_id,
        product_id=variant.product_id if variant else None,
        sku=variant.sku if variant else None,
        title=variant.product_title if variant else "",
        variant_title=variant.title if variant else "",
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        available=stock.available,
        allow_backorder=stock.allow_backorder,
        reorder_level=stock.reorder_level,
        low_stock_at=reorder_level_of(stock.reorder_level, company_default),
        status=stock.status(company_default),
        levels=[
            StockLevelAnswer(
                location_id=level.location_id,
                location_name=level.location_name,
                on_hand=level.on_hand,
                reserved=level.reserved,
                available=level.available,
            )
            for level in stock.levels
        ],
    )


def _unknown() -> NotFound:
    return NotFound("variant_not_found", "There is no such variant.")


INVENTORY_ROUTES = (
    list_stock,
    list_low_stock,
    list_adjustments,
    make_adjustment,
    edit_stock_rules,
    *LOCATION_ROUTES,
)
