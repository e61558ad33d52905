"""Shoppers' reads over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import Parameter, QueryParameter

from pasar.kernel.errors import BadRequest
from pasar.kernel.http.guards import shopper
from pasar.kernel.http.schema import Page
from pasar.kernel.money import Money
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.shop.catalog.category_tree import CategoryNode, CategoryTree
from pasar.shop.catalog.listing import (
    CataloguePage,
    CatalogueQuery,
    category_tree,
    product_page,
    search_catalogue,
    suggest,
)
from pasar.shop.catalog.product_json import product_json, products_json
from pasar.shop.catalog.schemas import (
    CategoryCountOut,
    CategoryOut,
    FacetsOut,
    OptionCounts,
    PriceRangeOut,
    ProductOut,
    ProductPage,
    SearchOut,
    SuggestionOut,
    ValueCount,
)
from pasar.shop.catalog.search.documents import Facets, Sort

Limit = Annotated[int, Parameter(ge=1, le=100, description="Items per page")]
Cursor = Annotated[str | None, Parameter(max_length=100, description="nextCursor of the page before")]
Text = Annotated[str, Parameter(max_length=200, description="Words; empty finds everything")]
Currency = Annotated[
    str | None, Parameter(max_length=3, description="One of the site's; its first by default")
]
Category = Annotated[str | None, Parameter(max_length=255, description="Handle or id")]
LowestPrice = Annotated[
    str | None, QueryParameter(name="minPrice", max_length=24, description="Decimal amount, inclusive")
]
HighestPrice = Annotated[
    str | None, QueryParameter(name="maxPrice", max_length=24, description="Decimal amount, inclusive")
]
MOST_FILTERS = 50


@get("/api/products", guards=[shopper], tags=["Catalogue"])
async def list_products(
    context: Context,
    runtime: Runtime,
    limit: Limit = 20,
    cursor: Cursor = None,
    category: Category = None,
    q: Text = "",
    sort: Sort | None = None,
    currency: Currency = None,
) -> Response[ProductPage]:
    """List the products that are sold in the site's currency, newest first unless sorted or searched."""
    query = CatalogueQuery(
        text=q, category=category, sort=sort, currency=currency, limit=limit, cursor=cursor
    )
    found = await search_catalogue(runtime, context, query)
    return _json({"items": _items(found, runtime), "nextCursor": found.next_cursor, "total": found.total})


@get("/api/products/{name:str}", guards=[shopper], tags=["Catalogue"])
async def show_product(
    context: Context, runtime: Runtime, name: str, currency: Currency = None
) -> Response[ProductOut]:
    """Show one product by its id or handle."""
    product = await product_page(runtime, context, name, currency=currency)
    settled = sold_currency(context.site, currency)
    return _answer(product_json(product, settled, runtime.settings.cdn_base_url))


@get("/api/search", guards=[shopper], tags=["Catalogue"])
async def search_products(
    request: Request[Any, Any, Any],
    context: Context,
    runtime: Runtime,
    q: Text = "",
    category: Category = None,
    vendor: list[str] | None = None,
    min_price: LowestPrice = None,
    max_price: HighestPrice = None,
    in_stock: Annotated[bool | None, QueryParameter(name="inStock")] = None,
    sort: Sort | None = None,
    currency: Currency = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response[SearchOut]:
    """Search with facets. Options are filtered by `option.NAME=value`, which may be repeated."""
    query = CatalogueQuery(
        text=q,
        category=category,
        vendors=vendor or (),
        options=_option_filters(request),
        price_min=min_price,
        price_max=max_price,
        in_stock=in_stock,
        sort=sort,
        currency=currency,
        limit=limit,
        cursor=cursor,
    )
    found = await search_catalogue(runtime, context, query)
    return _json(
        {
            "items": _items(found, runtime),
            "facets": _facets(found.facets, found.tree, found.currency),
            "total": found.total,
            "currency": found.currency,
            "didYouMean": found.did_you_mean,
            "nextCursor": found.next_cursor,
        }
    )


@get("/api/search/suggest", guards=[shopper], tags=["Catalogue"])
async def suggest_products(
    context: Context,
    runtime: Runtime,
    q: Text = "",
    limit: Annotated[int, Parameter(ge=1, le=20)] = 8,
) -> Page[SuggestionOut]:
    """Suggest words and products that begin as typed."""
    found = await suggest(runtime, context, q, limit=limit)
    return Page(items=[SuggestionOut(text=item.text, handle=item.handle) for item in found])


@get("/api/categories", guards=[shopper], tags=["Catalogue"])
async def list_categories(context: Context, runtime: Runtime) -> Page[CategoryOut]:
    """Show the tree of categories."""
    tree = await category_tree(runtime, context.company_id)
    return Page(items=[_category(node) for node in tree.roots])


CATALOGUE_ROUTES = (list_products, show_product, search_products, suggest_products, list_categories)


def _json(content: dict[str, Any]) -> Response[Any]:
    return _answer(msgspec.json.encode(content))


def _answer(content: bytes) -> Response[Any]:
    """Already JSON: Litestar sends bytes as they are."""
    return Response(content, media_type="application/json")


def _items(found: CataloguePage, runtime: Runtime) -> msgspec.Raw:
    return products_json(found.products, found.currency, runtime.settings.cdn_base_url)


def _option_filters(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key.startswith("option.")]
    if len(pairs) > MOST_FILTERS:
        raise BadRequest("too_many_filters", f"Send at most {MOST_FILTERS} option filters.")
    for key, value in pairs:
        filters.setdefault(key.removeprefix("option."), []).append(value)
    return filters


def _facets(facets: Facets, tree: CategoryTree, currency: str) -> FacetsOut:
    nodes = [(tree.by_id.get(counted.category_id), counted.count) for counted in facets.categories]
    return FacetsOut(
        categories=[
            CategoryCountOut(id=node.id, handle=node.handle, title=node.title, count=count)
            for node, count in nodes
            if node is not None and node.is_active
        ],
        vendors=[ValueCount(value=vendor.value, count=vendor.count) for vendor in facets.vendors],
        options=[
            OptionCounts(name=name, values=[ValueCount(value=v.value, count=v.count) for v in values])
            for name, values in facets.options.items()
        ],
        price_ranges=[
            PriceRangeOut(
                min=Money(found.price_min, currency).decimal_string(),
                max=None if found.price_max is None else Money(found.price_max, currency).decimal_string(),
                count=found.count,
            )
            for found in facets.price_ranges
        ],
        in_stock=facets.in_stock,
        out_of_stock=facets.out_of_stock,
    )


def _category(node: CategoryNode) -> CategoryOut:
    return CategoryOut(
        id=node.id,
        handle=node.handle,
        title=node.title,
        description=node.description,
        children=[_category(child) for child in node.children],
    )
