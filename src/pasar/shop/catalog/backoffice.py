"""Products in the back office: the list, a new one, one to be changed, archived and restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Stream

from pasar.kernel.errors import Conflict, Problem, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.public import author_words
from pasar.shop.catalog.actions.change_product import change_product
from pasar.shop.catalog.actions.create_product import create_product
from pasar.shop.catalog.admin_queries import price_history, staff_categories, staff_products
from pasar.shop.catalog.backoffice_forms import (
    product_form,
    product_values,
    read_new_product,
    read_product_change,
    variant_form,
    variant_values,
)
from pasar.shop.catalog.backoffice_list import asked_products, first_pictures, products_table
from pasar.shop.catalog.backoffice_page import (
    HOME,
    author_of,
    category_choices,
    currencies_of,
    product_of,
    product_page,
    state_choices,
    unique_skus,
)
from pasar.shop.catalog.backoffice_states import ARCHIVED, MANY_ARCHIVED, undo_notice
from pasar.shop.catalog.backoffice_words import REFUSALS
from pasar.shop.catalog.cursors import cursor_at, offset_of
from pasar.shop.catalog.exporting.http import export_stream
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import refusal_errors
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.tables import Amount, Column, Moment, Row, Table

__all__ = ["PRODUCT_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
ONE: Final = HOME + "/{product_id:uuid}"
READ, WRITE = [staff_page("catalog:read")], [staff_page("catalog:write")]
A_PAGE: Final = 50
HISTORY: Final = 100

admin_menu.add(MenuEntry(N_("Products"), HOME, "tag", group="goods", permission="catalog:read", order=10))
register_notice("product-made", "success", N_("The product is made. Give it pictures, and stock on its way."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_staff_products(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """List products of every state."""
    asked, sort = asked_products(request.query_params)
    offset = offset_of(cursor)
    words = translator(context.locale)
    async with runtime.database.transaction() as session:
        rows, total = await staff_products(session, context.company_id, asked, limit=A_PAGE, offset=offset)
        ids = [row.Product.id for row in rows]
        pictures = await first_pictures(session, runtime.files, context.company_id, ids)
        categories = await staff_categories(session, context.company_id)
    end = offset + len(rows)
    table = products_table(
        rows,
        pictures,
        asked,
        category_choices(categories),
        words,
        may_write=context.caller.may("catalog:write"),
        sort=sort,
        next_cursor=cursor_at(end) if rows and end < total else None,
        on_first_page=not cursor,
        total=total,
    )
    return await page_response(
        request,
        "shop/catalog/backoffice/products.html",
        notice=undo_notice(request, context, "products-archived", MANY_ARCHIVED),
        table=table,
    )


@get(f"{HOME}/export.csv", guards=READ, include_in_schema=False)
async def export_products_page(request: AnyRequest, context: Context, runtime: Runtime) -> Stream:
    """Hand over the whole catalogue as a Shopify product CSV."""
    return await export_stream(request, context, runtime, context.site.currency)


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_product(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for a new product."""
    currencies = await currencies_of(runtime, context, None)
    values = product_values(None) | variant_values(None, "new", (), currencies)
    return await _new_form(request, context, runtime, values, {}, currencies)


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def make_product(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Make a product with its variants and prices."""
    form = await request.form()
    currencies = await currencies_of(runtime, context, None)
    typed = product_form(form)
    first = variant_form(form, "new", (), currencies)
    words = translator(context.locale)
    data, errors = read_new_product(typed, first, currencies, words)
    if data is not None:
        try:
            async with runtime.database.transaction() as session:
                product_id = await create_product(
                    session,
                    context.company_id,
                    data,
                    author_of(context, runtime),
                    unique_skus=await unique_skus(runtime, context),
                )
            return see_other(f"{HOME}/{product_id}", notice="product-made")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context)
            if "sku" in errors:
                errors["sku-new"] = errors.pop("sku")
    return await _new_form(request, context, runtime, typed | first, errors, currencies)


@get(ONE, guards=READ, include_in_schema=False)
async def show_staff_product(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Show one product to be changed."""
    notice = undo_notice(request, context, "product-archived", ARCHIVED)
    return await product_page(request, context, runtime, product_id, notice=notice)


@post(ONE, guards=WRITE, include_in_schema=False)
async def edit_product(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Change a product."""
    typed = product_form(await request.form())
    data, errors = read_product_change(typed, translator(context.locale))
    if data is not None:
        try:
            async with runtime.database.transaction() as session:
                await change_product(
                    session, context.company_id, product_id, data, author_of(context, runtime)
                )
            return see_other(f"{HOME}/{product_id}", notice="saved")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context)
    return await product_page(request, context, runtime, product_id, errors=errors, values=typed)


@get(f"{ONE}/prices", guards=READ, include_in_schema=False)
async def show_prices(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Show each change of the product's prices with its time and author, newest first."""
    product = await product_of(runtime, context, product_id)
    async with runtime.database.transaction() as session:
        changes = await price_history(
            session, context.company_id, product_id, currency=None, limit=HISTORY, offset=0
        )
    words = translator(context.locale)
    authors = await author_words(runtime.database, [one.changed_by for one in changes], words)
    titles = {variant.id: variant.title or product.title for variant in product.variants}

    def amount(minor: int | None, currency: str) -> Amount | None:
        return None if minor is None else Amount(minor, currency)

    table = Table(
        columns=(
            Column(words.gettext("When")),
            Column(words.gettext("Variant")),
            Column(words.gettext("By")),
            Column(words.gettext("Before"), number=True),
            Column(words.gettext("After"), number=True),
            Column(words.gettext("Compared with"), number=True),
        ),
        rows=[
            Row(
                str(one.id),
                (
                    Moment(one.changed_at),
                    titles.get(one.variant_id, ""),
                    authors[one.changed_by],
                    amount(one.old_amount, one.currency),
                    amount(one.new_amount, one.currency),
                    amount(one.new_compare_at, one.currency),
                ),
            )
            for one in changes
        ],
        empty_title=words.gettext("No prices yet"),
        empty_text=words.gettext("Each change of a price will stand here."),
    )
    return await page_response(request, "shop/catalog/backoffice/prices.html", product=product, table=table)


PRODUCT_BACKOFFICE = (
    show_staff_products,
    export_products_page,
    new_product,
    make_product,
    show_staff_product,
    edit_product,
    show_prices,
)


async def _new_form(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    currencies: Sequence[str],
) -> Response[bytes]:
    async with runtime.database.transaction() as session:
        categories = await staff_categories(session, context.company_id)
    return await page_response(
        request,
        "shop/catalog/backoffice/product_new.html",
        status=422 if errors else 200,
        values=values,
        errors=errors,
        currencies=currencies,
        states=state_choices(context),
        categories=category_choices(categories),
    )


def _errors(problem: Problem, context: Context) -> dict[str, str]:
    errors = refusal_errors(problem, REFUSALS, translator(context.locale))
    names = {"options": "option1", "categoryId": "category_id", "prices": ""}
    return {names.get(name, name): text for name, text in errors.items()}
