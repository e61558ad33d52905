"""Products leave the shop and come back: one or many, after a question, with a way to undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.actions.change_product import archive_product, change_product
from pasar.shop.catalog.admin_schemas import ProductChange
from pasar.shop.catalog.backoffice_page import HOME, author_of, product_of
from pasar.shop.catalog.drafts import ProductStatus
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import PARAMETER, register_notice
from pasar.web.page import Notice

__all__ = ["ARCHIVED", "MANY_ARCHIVED", "STATE_BACKOFFICE", "undo_notice"]

AnyRequest = Request[Any, Any, Any]
ONE: Final = HOME + "/{product_id:uuid}"
WRITE: Final = [staff_page("catalog:write")]
RESTORE: Final = HOME + "/restore"
UNDO: Final = "undo"
ARCHIVED: Final = N_("Archived: it left the shop, and stays for orders and reports.")
MANY_ARCHIVED: Final = N_("Archived: they left the shop, and stay for orders and reports.")

register_notice("product-archived", "success", ARCHIVED)
register_notice("products-archived", "success", MANY_ARCHIVED)
register_notice("products-restored", "success", N_("Everything is as it was before."))
register_notice("products-activated", "success", N_("They are in the shop now."))
register_notice("none-chosen", "warning", N_("Choose products and an action first."))


@post(f"{HOME}/bulk", guards=WRITE, include_in_schema=False)
async def change_many(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask before many products change, then change them."""
    form = await request.form()
    chosen = [one for text in form.getall("ids", []) if (one := parse_id(str(text)))]
    action = text_of(form, "action")
    if not chosen or action not in ("archive", "activate"):
        return see_other(HOME, notice="none-chosen")
    if not text_of(form, "confirmed"):
        return await _ask_many(request, context, action, chosen)
    before = await _change_states(runtime, context, dict.fromkeys(chosen, _target(action)))
    if action == "activate":
        return see_other(HOME, notice="products-activated")
    return see_other(f"{HOME}?{_undo_query(before)}", notice="products-archived")


@post(RESTORE, guards=WRITE, include_in_schema=False)
async def restore_products(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Undo an archiving: each product gets the state back that it had."""
    states: dict[UUID, ProductStatus] = {}
    for text in request.query_params.get(UNDO, "").split(","):
        key, _, state = text.partition(".")
        product_id = parse_id(key)
        if product_id is not None and state in ("draft", "active"):
            states[product_id] = cast("ProductStatus", state)
    await _change_states(runtime, context, states)
    back = f"{HOME}/{next(iter(states))}" if len(states) == 1 else HOME
    return see_other(back, notice="products-restored")


@get(f"{ONE}/archive", guards=WRITE, include_in_schema=False)
async def ask_archive(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Ask before a product leaves the shop."""
    product = await product_of(runtime, context, product_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Archive {title}?", title=product.title),
        consequence=words.gettext(
            "It leaves the shop at once. Orders and reports keep it, and you can bring it back."
        ),
        action_path=f"{HOME}/{product_id}/archive",
        confirm_label=words.gettext("Archive"),
        cancel_path=f"{HOME}/{product_id}",
        hidden={},
    )


@post(f"{ONE}/archive", guards=WRITE, include_in_schema=False)
async def archive(context: Context, runtime: Runtime, product_id: UUID) -> Response[bytes]:
    """Take a product out of the shop; the page offers the way back."""
    before = (await product_of(runtime, context, product_id)).status
    async with runtime.database.transaction() as session:
        await archive_product(session, context.company_id, product_id, author_of(context, runtime))
    query = _undo_query({product_id: before})
    return see_other(f"{HOME}/{product_id}?{query}", notice="product-archived")


STATE_BACKOFFICE = (change_many, restore_products, ask_archive, archive)


async def _ask_many(
    request: AnyRequest, context: Context, action: str, chosen: Sequence[UUID]
) -> Response[bytes]:
    words = translator(context.locale)
    n = len(chosen)
    archiving = action == "archive"
    title = (
        words.ngettext("Archive one product?", "Archive {n} products?", n)
        if archiving
        else words.ngettext("Put one product into the shop?", "Put {n} products into the shop?", n)
    )
    consequence = (
        words.gettext(
            "They leave the shop at once. Orders and reports keep them, and you can bring them back."
        )
        if archiving
        else words.gettext("Everybody can see and buy them at once, where they have a price and stock.")
    )
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=title,
        consequence=consequence,
        action_path=f"{HOME}/bulk",
        confirm_label=words.gettext("Archive") if archiving else words.gettext("Put into the shop"),
        cancel_path=HOME,
        hidden={"action": action, "ids": [str(one) for one in chosen]},
    )


async def _change_states(
    runtime: Runtime, context: Context, wanted: Mapping[UUID, ProductStatus]
) -> dict[UUID, str]:
    """Give products their states, all or none, in one order of locks; answers the states before."""
    before: dict[UUID, str] = {}
    for product_id in sorted(wanted):
        before[product_id] = (await product_of(runtime, context, product_id)).status
    async with runtime.database.transaction() as session:
        for product_id in sorted(wanted):
            change = ProductChange(status=wanted[product_id])
            await change_product(session, context.company_id, product_id, change, author_of(context, runtime))
    return before


def _target(action: str) -> ProductStatus:
    return "archived" if action == "archive" else "active"


def _undo_query(before: Mapping[UUID, str]) -> str:
    """What the notice needs to bring products back: those that were not archived already."""
    pairs = [f"{product_id}.{state}" for product_id, state in before.items() if state != "archived"]
    return urlencode({UNDO: ",".join(pairs)})


def undo_notice(request: AnyRequest, context: Context, code: str, text: str) -> Notice | None:
    undo = request.query_params.get(UNDO)
    if request.query_params.get(PARAMETER) != code or not undo:
        return None
    words = translator(context.locale)
    path = f"{RESTORE}?{urlencode({UNDO: undo})}"
    return Notice("success", words.gettext(text), words.gettext("Undo"), path)
