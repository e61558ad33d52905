"""Which products does somebody see who browses or searches the shop? One answer for the API and the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.kernel.money import Money, MoneyError
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.shop.catalog.category_tree import CategoryTree
from pasar.shop.catalog.cursors import cursor_at, offset_of
from pasar.shop.catalog.memory import memory_of
from pasar.shop.catalog.product_facts import StockedProduct
from pasar.shop.catalog.search.documents import Facets, SearchQuery, Sort, Suggestion

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """What somebody asks the catalogue, in the words of the web.

    `category` is a handle or id, prices are decimal strings in `currency` (default: the site's), both
    inclusive. Values of one option or several vendors are alternatives. Texts longer than 200 are cut.
    """

    text: str = ""
    category: str | None = None
    vendors: Sequence[str] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    price_min: str | None = None
    price_max: str | None = None
    in_stock: bool | None = None
    sort: Sort | None = None
    currency: str | None = None
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page of products with the facets of all that were found; `tree` names the facets' categories."""

    products: list[StockedProduct]
    total: int
    facets: Facets
    currency: str
    tree: CategoryTree
    did_you_mean: str | None = None
    next_cursor: str | None = None


async def search_catalogue(runtime: Runtime, context: Context, query: CatalogueQuery) -> CataloguePage:
    """Find products that are active and sold in the currency; an empty text finds all.

    Raises `Unprocessable` (`currency_not_sold`, `price_malformed`), `NotFound` (`category_not_found`) and
    `BadRequest` (`cursor_malformed`).
    """
    company_id, database = context.company_id, runtime.database
    memory = memory_of(database)
    tree = await memory.trees.tree(database, company_id)
    currency = sold_currency(context.site, query.currency)
    offset = offset_of(query.cursor)
    result = await memory.searches.of(database, company_id).search(
        SearchQuery(
            text=query.text[:LONGEST_QUERY],
            currency=currency,
            category=_category_id(tree, query.category),
            vendors=frozenset(query.vendors),
            options={name: frozenset(values) for name, values in query.options.items() if values},
            # A bound even when none is asked for: a product without a price in this currency is not sold.
            price_min=_minor("minPrice", query.price_min, currency) or 0,
            price_max=_minor("maxPrice", query.price_max, currency),
            in_stock=query.in_stock,
            sort=query.sort or "relevance",
            limit=query.limit,
            offset=offset,
        )
    )
    products = await memory.shelf.products(database, company_id, result.product_ids)
    end = offset + len(result.product_ids)
    return CataloguePage(
        products=[product for product in products if product.is_sold_in(currency)],
        total=result.total,
        facets=result.facets,
        currency=currency,
        tree=tree,
        did_you_mean=result.did_you_mean,
        next_cursor=cursor_at(end) if result.product_ids and end < result.total else None,
    )


async def product_page(
    runtime: Runtime, context: Context, name: str, *, currency: str | None = None
) -> StockedProduct:
    """The active product of this handle or id, when it is sold in the currency (default: the site's).

    Raises `NotFound` (`product_not_found`) and `Unprocessable` (`currency_not_sold`).
    """
    settled = sold_currency(context.site, currency)
    product = await memory_of(runtime.database).shelf.product(runtime.database, context.company_id, name)
    if product is None or not product.is_sold_in(settled):
        raise NotFound(
            "product_not_found", "There is no such product here. It may have been taken out of the shop."
        )
    return product


async def products_by_id(runtime: Runtime, context: Context, ids: Sequence[UUID]) -> list[StockedProduct]:
    """The active products of these ids in that order; those that are not sold any more are left out."""
    return await memory_of(runtime.database).shelf.products(runtime.database, context.company_id, ids)


async def suggest(runtime: Runtime, context: Context, text: str, *, limit: int = 8) -> list[Suggestion]:
    """Words and products that begin as typed."""
    searches = memory_of(runtime.database).searches
    index = await searches.of(runtime.database, context.company_id).index()
    return index.suggest(text[:LONGEST_QUERY], limit)


async def category_tree(runtime: Runtime, company_id: UUID) -> CategoryTree:
    """The company's categories, at most a second old."""
    return await memory_of(runtime.database).trees.tree(runtime.database, company_id)


def _category_id(tree: CategoryTree, name: str | None) -> UUID | None:
    if not name:
        return None
    node = tree.find(name)
    if node is None or not all(above.is_active for above in tree.path(node.id)):
        raise NotFound(
            "category_not_found", "There is no such category here. GET /api/categories names them all."
        )
    return node.id


def _minor(field_name: str, text: str | None, currency: str) -> int | None:
    if not text:
        return None
    try:
        return Money.parse(text, currency).minor
    except MoneyError as problem:
        raise Unprocessable(
            "price_malformed",
            f"Send {field_name} as a decimal amount of {currency}, such as 129.",
            errors=[FieldProblem(field_name, "price_malformed", str(problem))],
        ) from None
