"""The shop's windows: its first page, lists with filters, search, and the page of one product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get
from markupsafe import Markup

from pasar.kernel.errors import Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_settings
from pasar.shop.catalog.cards import picture, product_card, product_cards
from pasar.shop.catalog.category_tree import CategoryNode
from pasar.shop.catalog.cleaning import clean_html, plain_text
from pasar.shop.catalog.home_page import LOOKED_AT, home_goods
from pasar.shop.catalog.listing import (
    CataloguePage,
    CatalogueQuery,
    category_tree,
    product_page,
    search_catalogue,
)
from pasar.shop.catalog.product_facts import StockedProduct
from pasar.shop.catalog.product_page import chosen_offer, options_of, script_variants, stock_of
from pasar.shop.catalog.shop_filters import Filters, chips, facet_groups, read_filters
from pasar.web.answering import page_facts, page_response
from pasar.web.page import MenuCategory
from pasar.web.pictures import ProductCard

__all__ = ["CATALOGUE_PAGES"]

AnyRequest = Request[Any, Any, Any]
A_PAGE = 24
RELATED = 4
LONGEST_DESCRIPTION = 160


@get("/", guards=[page], include_in_schema=False)
async def show_home(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the shop's first page."""
    newest = await search_catalogue(runtime, context, CatalogueQuery(sort="newest", limit=LOOKED_AT))
    goods = home_goods(newest.products, newest.tree, newest.currency, runtime.settings.cdn_base_url)
    return await page_response(request, "shop/catalog/home.html", goods=goods, total=newest.total)


@get("/products", guards=[page], include_in_schema=False)
async def show_products(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show all goods, narrowed by filters."""
    return await _list(request, context, runtime, kind="all")


@get("/search", guards=[page], include_in_schema=False)
async def show_search(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show what a search finds."""
    return await _list(request, context, runtime, kind="search")


@get("/categories/{handle:str}", guards=[page], include_in_schema=False)
async def show_category(
    request: AnyRequest, context: Context, runtime: Runtime, handle: str
) -> Response[bytes]:
    """Show the goods of a category and all below it."""
    return await _list(request, context, runtime, kind="category", handle=handle)


@get("/products/{handle:str}", guards=[page], include_in_schema=False)
async def show_product(
    request: AnyRequest, context: Context, runtime: Runtime, handle: str
) -> Response[bytes]:
    """Show one product, with the variant that the address names or the first that can be bought."""
    product = await product_page(runtime, context, handle)
    currency, words = context.site.currency, translator(context.locale)
    offer, chosen = chosen_offer(product, currency, dict(request.query_params))
    settings = await company_settings(runtime.database, context.company_id)
    low_at, facts = settings.low_stock_default, product.facts
    tree = await category_tree(runtime, context.company_id)
    gallery = tuple(picture(one, runtime.settings.cdn_base_url) for one in facts.pictures)
    return await page_response(
        request,
        "shop/catalog/product.html",
        product=facts,
        description=Markup(facts.description_html),  # noqa: S704  cleaned by an allow-list when it was saved
        summary=facts.seo_description or _summary(facts.description_html),
        pictures=gallery,
        share_picture=_absolute(request, gallery[0].fallback) if gallery else None,
        options=options_of(product, currency, chosen),
        offer=offer,
        stock=stock_of(offer, low_at, words) if offer else None,
        variants=script_variants(product, currency, low_at, words),
        currency=currency,
        quantity=_small_number(request.query_params.get("quantity")),
        trail=_trail(tree.path(facts.category.id if facts.category else None)),
        related=await _related(runtime, context, product),
    )


CATALOGUE_PAGES = (show_home, show_products, show_search, show_category, show_product)


async def _list(
    request: AnyRequest, context: Context, runtime: Runtime, *, kind: str, handle: str | None = None
) -> Response[bytes]:
    pairs = list(request.query_params.multi_items())
    filters = read_filters(pairs)
    if handle is not None:
        filters = replace(filters, category=handle)
    found, errors = await _find(runtime, context, filters)
    node = found.tree.find(filters.category) if filters.category else None
    base = runtime.settings.cdn_base_url
    others = () if found.products else (await _newest(runtime, context))
    return await page_response(
        request,
        "shop/catalog/list.html",
        status=422 if errors else 200,
        kind=kind,
        filters=filters,
        found=found,
        cards=product_cards(found.products, found.currency, base),
        others=others,
        groups=facet_groups(found.facets, filters),
        categories=_category_choices(found, node if kind == "category" else None),
        chips=chips(
            request.url.path,
            pairs,
            filters,
            category_title=node.title if node is not None and kind != "category" else None,
        ),
        errors=errors,
        node=node,
        introduction=Markup(clean_html(node.description)) if node else "",  # noqa: S704  just cleaned
        summary=_summary(node.description) if node else "",
        trail=_trail(found.tree.path(node.id if node and kind == "category" else None)),
    )


async def _find(runtime: Runtime, context: Context, filters: Filters) -> tuple[CataloguePage, dict[str, str]]:
    """What the filters find. A price that cannot be read is left out, and named with its field."""
    query = CatalogueQuery(
        text=filters.text,
        category=filters.category,
        vendors=filters.vendors,
        options=filters.options,
        price_min=filters.price_min or None,
        price_max=filters.price_max or None,
        in_stock=True if filters.in_stock else None,
        sort=filters.sort,
        limit=A_PAGE,
        cursor=filters.cursor,
    )
    errors: dict[str, str] = {}
    while True:
        try:
            return await search_catalogue(runtime, context, query), errors
        except Unprocessable as problem:
            if problem.code != "price_malformed":
                raise
            words = translator(context.locale)
            for one in problem.errors:
                errors[one.field] = words.gettext("Write the price as a number, such as 25.")
                query = (
                    replace(query, price_min=None)
                    if one.field == "minPrice"
                    else replace(query, price_max=None)
                )


async def _newest(runtime: Runtime, context: Context) -> list[ProductCard]:
    """What to show to whom we have nothing to show."""
    newest = await search_catalogue(
        runtime, context, CatalogueQuery(sort="newest", limit=RELATED, in_stock=True)
    )
    return product_cards(newest.products, newest.currency, runtime.settings.cdn_base_url)


async def _related(runtime: Runtime, context: Context, product: StockedProduct) -> list[ProductCard]:
    """Other goods of the same category that can be bought."""
    category = product.facts.category
    if category is None:
        return []
    near = await search_catalogue(
        runtime,
        context,
        CatalogueQuery(category=str(category.id), in_stock=True, sort="newest", limit=RELATED + 1),
    )
    base = runtime.settings.cdn_base_url
    cards = (
        product_card(one, near.currency, base) for one in near.products if one.facts.id != product.facts.id
    )
    return [card for card in cards if card][:RELATED]


def _category_choices(found: CataloguePage, within: CategoryNode | None) -> list[tuple[CategoryNode, int]]:
    """Categories to go to, with how much is found in each: at the top, or below the present one."""
    counted = {one.category_id: one.count for one in found.facets.categories}
    nodes = found.tree.roots if within is None else within.children
    return [(node, counted.get(node.id, 0)) for node in nodes if counted.get(node.id, 0)]


def _trail(path: list[CategoryNode]) -> list[tuple[str, str]]:
    """From the top category to the nearest, for the breadcrumb."""
    return [(node.title, f"/categories/{node.handle}") for node in reversed(path) if node.is_active]


def _summary(html: str) -> str:
    """The beginning of a text, for search engines and shared links; cut between words."""
    text = plain_text(html)
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rpartition(" ")[0] + "…"


def _absolute(request: AnyRequest, address: str) -> str:
    """An address for other sites, which do not know our host."""
    return address if address.startswith("https://") else str(request.base_url).rstrip("/") + address


def _small_number(text: str | None) -> int:
    """The quantity that somebody had typed before coming back, else 1."""
    return (
        int(text) if text and text.isascii() and text.isdigit() and 1 <= len(text) <= 3 and int(text) else 1
    )


async def _menu(runtime: Runtime, context: Context) -> tuple[MenuCategory, ...]:
    """The header's categories."""
    tree = await category_tree(runtime, context.company_id)
    return tuple(MenuCategory(node.title, f"/categories/{node.handle}") for node in tree.roots)


page_facts.menu = _menu
