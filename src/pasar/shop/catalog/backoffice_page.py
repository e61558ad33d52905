"""The page of one product in the back office, which several handlers show again when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response

from pasar.kernel.i18n import format_money, translator
from pasar.kernel.money import Money
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_currencies, company_settings
from pasar.shop.catalog.actions.set_prices import Author
from pasar.shop.catalog.admin_answers import product_out
from pasar.shop.catalog.admin_queries import staff_categories, staff_product
from pasar.shop.catalog.admin_schemas import AdminProduct, AdminVariant
from pasar.shop.catalog.backoffice_forms import product_values, variant_values
from pasar.shop.catalog.backoffice_words import PRODUCT_STATES
from pasar.shop.catalog.media.queries import media_of
from pasar.shop.catalog.media.schemas import MediaOut
from pasar.shop.catalog.models import Category
from pasar.web.answering import page_response
from pasar.web.page import Notice
from pasar.web.pictures import Picture, PictureSize

__all__ = [
    "HOME",
    "author_of",
    "category_choices",
    "currencies_of",
    "media_picture",
    "product_of",
    "product_page",
    "state_choices",
    "unique_skus",
]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/products"


async def product_page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    product_id: UUID,
    *,
    status: int | None = None,
    notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    open_variant: str = "",
) -> Response[bytes]:
    """Show a product with everything that can be changed of it; `values` are what was typed last.

    Raises `NotFound`.
    """
    product = await product_of(runtime, context, product_id)
    currencies = await currencies_of(runtime, context, product)
    async with runtime.database.transaction() as session:
        media = await media_of(session, runtime.files, context.company_id, product_id)
        categories = await staff_categories(session, context.company_id)
    typed = dict(product_values(product))
    for variant in product.variants:
        typed |= variant_values(variant, str(variant.id), product.options, currencies)
    typed |= variant_values(None, "new", product.options, currencies) | {"url": "", "alt": ""}
    return await page_response(
        request,
        "shop/catalog/backoffice/product.html",
        status=status or (422 if errors else 200),
        notice=notice,
        product=product,
        state=PRODUCT_STATES[product.status],
        states=state_choices(context),
        categories=category_choices(categories),
        currencies=currencies,
        media=[(one, media_picture(one)) for one in media],
        errors=errors or {},
        values=typed | dict(values or {}),
        open_variant=open_variant,
        shown_prices={one.id: _shown(one, context.locale) for one in product.variants},
    )


def _shown(variant: AdminVariant, locale: str) -> str:
    """A variant's prices as people read them."""
    prices = [Money.parse(price.amount, price.currency) for price in variant.prices]
    return " · ".join(format_money(price, locale) for price in prices)


async def product_of(runtime: Runtime, context: Context, product_id: UUID) -> AdminProduct:
    """The company's product of any state. Raises `NotFound`."""
    async with runtime.database.transaction() as session:
        return product_out(*await staff_product(session, context.company_id, product_id))


async def currencies_of(runtime: Runtime, context: Context, product: AdminProduct | None) -> tuple[str, ...]:
    """The currencies of the company's sites, and others in which the product has a price already."""
    sold = await company_currencies(runtime.database, context.company_id)
    priced = [price.currency for one in product.variants for price in one.prices] if product else []
    return tuple(dict.fromkeys((*sold, *priced)))


async def unique_skus(runtime: Runtime, context: Context) -> bool:
    """Whether the company keeps its SKUs unique."""
    return (await company_settings(runtime.database, context.company_id)).unique_skus


def author_of(context: Context, runtime: Runtime) -> Author:
    """Who changes the catalogue now."""
    return Author(context.caller.label, runtime.clock.now())


def state_choices(context: Context) -> list[tuple[str, str]]:
    """The states of a product in the language of the page."""
    words = translator(context.locale)
    return [(state, words.gettext(label)) for state, (label, _) in PRODUCT_STATES.items()]


def category_choices(
    categories: Sequence[Category], *, without: UUID | None = None, dash: str = "– "
) -> list[tuple[str, str]]:
    """All categories, each below the one that it stands in, one dash deeper; `without` a branch."""
    children: dict[UUID | None, list[Category]] = {}
    for category in categories:
        children.setdefault(category.parent_id, []).append(category)
    found: list[tuple[str, str]] = []

    def descend(parent: UUID | None, depth: int) -> None:
        for category in children.get(parent, ()):
            if category.id != without:
                found.append((str(category.id), dash * depth + category.title))
                descend(category.id, depth + 1)

    descend(None, 0)
    return found


def media_picture(media: MediaOut) -> Picture | None:
    """A ready picture as templates take it."""
    if not media.sizes or media.width is None or media.height is None:
        return None
    sizes = tuple(PictureSize(size.width, size.webp, size.jpeg) for size in media.sizes)
    return Picture(media.alt, media.width, media.height, media.colour or "#dddddd", sizes)
