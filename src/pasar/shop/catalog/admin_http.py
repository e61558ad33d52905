"""Staff's products and variants over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, route
from litestar.enums import HttpMethod
from litestar.params import Parameter, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Input, Page
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.money import Money, MoneyError
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_settings
from pasar.shop.catalog.actions.add_variant import add_variant
from pasar.shop.catalog.actions.change_product import archive_product, change_product
from pasar.shop.catalog.actions.change_variant import change_variant
from pasar.shop.catalog.actions.create_product import create_product
from pasar.shop.catalog.actions.remove_variant import remove_variant
from pasar.shop.catalog.actions.set_prices import Author
from pasar.shop.catalog.admin_answers import price_change_out, product_out, row_out
from pasar.shop.catalog.admin_queries import StaffQuery, price_history, staff_product, staff_products
from pasar.shop.catalog.admin_schemas import (
    AdminProduct,
    AdminProductRow,
    AdminSort,
    PriceChangeOut,
    ProductChange,
    ProductIn,
    VariantChange,
    VariantIn,
)
from pasar.shop.catalog.cursors import cursor_at, offset_of
from pasar.shop.catalog.drafts import ProductStatus

READ, WRITE = [staff("catalog:read")], [staff("catalog:write")]
TAGS = ["Catalogue, staff"]
Limit = Annotated[int, Parameter(ge=1, le=100, description="Items per page")]
Cursor = Annotated[str | None, Parameter(max_length=100, description="nextCursor of the page before")]
Text = Annotated[str, Parameter(max_length=200, description="Beginnings of words; all must be there")]


@get("/api/admin/products", guards=READ, tags=TAGS)
async def list_staff_products(
    context: Context,
    runtime: Runtime,
    q: Text = "",
    status: ProductStatus | None = None,
    category: UUID | None = None,
    sku: Annotated[str | None, Parameter(max_length=255, pattern=r"^[^\0]*$")] = None,
    currency: Annotated[str | None, Parameter(max_length=3, pattern="^[A-Z]{3}$")] = None,
    min_price: Annotated[str | None, QueryParameter(name="minPrice", max_length=24)] = None,
    max_price: Annotated[str | None, QueryParameter(name="maxPrice", max_length=24)] = None,
    sort: AdminSort = "newest",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AdminProductRow]:
    """List products of every status; prices are compared in `currency`, the site's by default."""
    offset = offset_of(cursor)
    priced = currency or (context.site.currency if min_price or max_price else None)
    query = StaffQuery(
        text=q,
        status=status,
        category_id=category,
        sku=sku,
        currency=priced,
        price_min=_minor(min_price, priced),
        price_max=_minor(max_price, priced),
        sort=sort,
    )
    async with runtime.database.transaction() as session:
        rows, total = await staff_products(session, context.company_id, query, limit=limit, offset=offset)
    end = offset + len(rows)
    return Page(
        items=[row_out(row) for row in rows],
        total=total,
        next_cursor=cursor_at(end) if rows and end < total else None,
    )


@get("/api/admin/products/{product_id:uuid}", guards=READ, tags=TAGS)
async def show_staff_product(context: Context, runtime: Runtime, product_id: UUID) -> AdminProduct:
    """Show a product with everything that can be changed of it."""
    return await _shown(runtime, context, product_id)


@post("/api/admin/products", guards=WRITE, tags=TAGS)
async def post_product(
    request: Request[Any, Any, Any],
    context: Context,
    runtime: Runtime,
    data: ProductIn,
    idempotency_key: IdempotencyKey = None,
) -> Response[AdminProduct]:
    """Make a product with its variants and prices."""
    refuse_nul(data)
    unique = await _unique_skus(runtime, context)

    async def work(session: AsyncSession) -> AdminProduct:
        author = _author(context, runtime)
        product_id = await create_product(session, context.company_id, data, author, unique_skus=unique)
        return product_out(*await staff_product(session, context.company_id, product_id))

    return await once(request, work, key=idempotency_key)


@route(
    "/api/admin/products/{product_id:uuid}",
    http_method=[HttpMethod.PATCH, HttpMethod.PUT],
    guards=WRITE,
    tags=TAGS,
)
async def patch_product(
    context: Context, runtime: Runtime, product_id: UUID, data: ProductChange
) -> AdminProduct:
    """Change a product; what is not sent stays."""
    refuse_nul(data)
    async with runtime.database.transaction() as session:
        await change_product(session, context.company_id, product_id, data, _author(context, runtime))
    return await _shown(runtime, context, product_id)


@delete("/api/admin/products/{product_id:uuid}", guards=WRITE, tags=TAGS)
async def delete_product(context: Context, runtime: Runtime, product_id: UUID) -> None:
    """Archive a product: it leaves the shop and stays for orders and reports."""
    async with runtime.database.transaction() as session:
        await archive_product(session, context.company_id, product_id, _author(context, runtime))


@post("/api/admin/products/{product_id:uuid}/variants", guards=WRITE, tags=TAGS)
async def post_variant(context: Context, runtime: Runtime, product_id: UUID, data: VariantIn) -> AdminProduct:
    """Add a variant, and answer the whole product."""
    refuse_nul(data)
    unique = await _unique_skus(runtime, context)
    async with runtime.database.transaction() as session:
        author = _author(context, runtime)
        await add_variant(session, context.company_id, product_id, data, author, unique_skus=unique)
    return await _shown(runtime, context, product_id)


@route(
    "/api/admin/products/{product_id:uuid}/variants/{variant_id:uuid}",
    http_method=[HttpMethod.PATCH, HttpMethod.PUT],
    guards=WRITE,
    tags=TAGS,
)
async def patch_variant(
    context: Context, runtime: Runtime, product_id: UUID, variant_id: UUID, data: VariantChange
) -> AdminProduct:
    """Change a variant or its prices; what is not sent stays. Answers the whole product."""
    refuse_nul(data)
    unique = await _unique_skus(runtime, context)
    async with runtime.database.transaction() as session:
        await change_variant(
            session,
            context.company_id,
            product_id,
            variant_id,
            data,
            _author(context, runtime),
            unique_skus=unique,
        )
    return await _shown(runtime, context, product_id)


@delete("/api/admin/products/{product_id:uuid}/variants/{variant_id:uuid}", guards=WRITE, tags=TAGS)
async def delete_variant(context: Context, runtime: Runtime, product_id: UUID, variant_id: UUID) -> None:
    """Take a variant out of sale."""
    async with runtime.database.transaction() as session:
        author = _author(context, runtime)
        await remove_variant(session, context.company_id, product_id, variant_id, author)


@get("/api/admin/products/{product_id:uuid}/price-history", guards=READ, tags=TAGS)
async def show_price_history(
    context: Context,
    runtime: Runtime,
    product_id: UUID,
    currency: Annotated[str | None, Parameter(max_length=3, pattern="^[A-Z]{3}$")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PriceChangeOut]:
    """Show each change of the product's prices with its time and author, newest first."""
    offset = offset_of(cursor)
    async with runtime.database.transaction() as session:
        changes = await price_history(
            session, context.company_id, product_id, currency=currency, limit=limit + 1, offset=offset
        )
    more = cursor_at(offset + limit) if len(changes) > limit else None
    return Page(items=[price_change_out(change) for change in changes[:limit]], next_cursor=more)


def refuse_nul(data: Input) -> None:
    """Raise `Unprocessable` (`text_malformed`) for a text with NUL: PostgreSQL stores none."""
    if b"\\u0000" in msgspec.json.encode(data):
        raise Unprocessable("text_malformed", "A text holds the character NUL. Leave it out.")


def _author(context: Context, runtime: Runtime) -> Author:
    return Author(context.caller.label, runtime.clock.now())


async def _unique_skus(runtime: Runtime, context: Context) -> bool:
    return (await company_settings(runtime.database, context.company_id)).unique_skus


async def _shown(runtime: Runtime, context: Context, product_id: UUID) -> AdminProduct:
    async with runtime.database.transaction() as session:
        return product_out(*await staff_product(session, context.company_id, product_id))


def _minor(text: str | None, currency: str | None) -> int | None:
    if not text or currency is None:
        return None
    try:
        return Money.parse(text, currency).minor
    except MoneyError as problem:
        raise Unprocessable("price_malformed", f"Send prices as decimal amounts: {problem}.") from None


STAFF_PRODUCT_ROUTES = (
    list_staff_products,
    show_staff_product,
    post_product,
    patch_product,
    delete_product,
    post_variant,
    patch_variant,
    delete_variant,
    show_price_history,
)
