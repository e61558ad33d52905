"""Variants of a product in the back office: each has its form on the product's page."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.actions.add_variant import add_variant
from pasar.shop.catalog.actions.change_variant import change_variant
from pasar.shop.catalog.actions.remove_variant import remove_variant
from pasar.shop.catalog.admin_schemas import AdminProduct, AdminVariant
from pasar.shop.catalog.backoffice_forms import read_new_variant, read_variant_change, variant_form
from pasar.shop.catalog.backoffice_page import (
    HOME,
    author_of,
    currencies_of,
    product_of,
    product_page,
    unique_skus,
)
from pasar.shop.catalog.backoffice_words import REFUSALS
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import refusal_errors
from pasar.web.notices import register_notice

__all__ = ["VARIANT_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
OF_PRODUCT: Final = HOME + "/{product_id:uuid}/variants"
ONE: Final = OF_PRODUCT + "/{variant_id:uuid}"
WRITE: Final = [staff_page("catalog:write")]
NEW: Final = "new"

register_notice("variant-added", "success", N_("The variant is there. Put stock in, and it can be bought."))
register_notice(
    "variant-removed", "success", N_("The variant is out of sale. Add it again to bring it back.")
)


@post(OF_PRODUCT, guards=WRITE, include_in_schema=False)
async def add_variant_page(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Give a product another variant."""
    product = await product_of(runtime, context, product_id)
    currencies = await currencies_of(runtime, context, product)
    typed = variant_form(await request.form(), NEW, product.options, currencies)
    data, errors = read_new_variant(typed, product.options, currencies, translator(context.locale))
    if data is not None:
        try:
            unique = await unique_skus(runtime, context)
            async with runtime.database.transaction() as session:
                author = author_of(context, runtime)
                await add_variant(session, context.company_id, product_id, data, author, unique_skus=unique)
            return see_other(f"{HOME}/{product_id}", notice="variant-added")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context, NEW)
    return await product_page(
        request, context, runtime, product_id, errors=errors, values=typed, open_variant=NEW
    )


@post(ONE, guards=WRITE, include_in_schema=False)
async def edit_variant(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID, variant_id: UUID
) -> Response[bytes]:
    """Change a variant or its prices."""
    product = await product_of(runtime, context, product_id)
    variant = _variant(product, variant_id)
    currencies = await currencies_of(runtime, context, product)
    key = str(variant_id)
    typed = variant_form(await request.form(), key, product.options, currencies)
    data, errors = read_variant_change(
        typed, variant, product.options, currencies, translator(context.locale)
    )
    if data is not None:
        try:
            unique = await unique_skus(runtime, context)
            async with runtime.database.transaction() as session:
                author = author_of(context, runtime)
                await change_variant(
                    session, context.company_id, product_id, variant_id, data, author, unique_skus=unique
                )
            return see_other(f"{HOME}/{product_id}", notice="saved")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context, key)
    return await product_page(
        request, context, runtime, product_id, errors=errors, values=typed, open_variant=key
    )


@get(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_variant(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID, variant_id: UUID
) -> Response[bytes]:
    """Ask before a variant leaves the shop."""
    product = await product_of(runtime, context, product_id)
    variant = _variant(product, variant_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Remove {title}?", title=variant.title or product.title),
        consequence=words.gettext(
            "It can no longer be bought. Orders, its stock and its price history keep it."
        ),
        action_path=f"{HOME}/{product_id}/variants/{variant_id}/remove",
        confirm_label=words.gettext("Remove the variant"),
        cancel_path=f"{HOME}/{product_id}",
        hidden={},
    )


@post(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def drop_variant(
    context: Context, runtime: Runtime, product_id: UUID, variant_id: UUID
) -> Response[bytes]:
    """Take a variant out of sale."""
    async with runtime.database.transaction() as session:
        author = author_of(context, runtime)
        await remove_variant(session, context.company_id, product_id, variant_id, author)
    return see_other(f"{HOME}/{product_id}", notice="variant-removed")


VARIANT_BACKOFFICE = (add_variant_page, edit_variant, ask_remove_variant, drop_variant)


def _variant(product: AdminProduct, variant_id: UUID) -> AdminVariant:
    for variant in product.variants:
        if variant.id == variant_id:
            return variant
    raise NotFound("variant_not_found", "This product has no such variant.")


def _errors(problem: Problem, context: Context, key: str) -> dict[str, str]:
    errors = refusal_errors(problem, REFUSALS, translator(context.locale))
    names = {"options": f"value0-{key}", "sku": f"sku-{key}", "prices": ""}
    return {names.get(name, name): text for name, text in errors.items()}
