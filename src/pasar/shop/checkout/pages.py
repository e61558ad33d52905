"""The checkout's one page: fill in, see the total, place the order. It works without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.http.guards import cookie_of, page
from pasar.kernel.http.switching import switched
from pasar.kernel.i18n import N_, format_minor, translator
from pasar.kernel.idempotency import once
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.public import name_and_phone_of
from pasar.shop.carts.public import CART_SWITCH, CartFacts, Owner, cart_page_lines, find_cart, page_owner
from pasar.shop.checkout.actions.place_order import place_from_cart
from pasar.shop.checkout.address_form import address_shape, country_choices, country_of_currency
from pasar.shop.checkout.form import (
    FIELDS,
    address_input,
    checkout_input,
    expected_total,
    preview_input,
    problem_words,
    seen_prices,
    values_of,
)
from pasar.shop.checkout.previewing import Preview, preview_order
from pasar.shop.checkout.refusals import refuse_guests
from pasar.shop.checkout.saved_addresses import (
    chosen_address,
    default_values,
    save_address,
    saved_choices,
    ship_values,
)
from pasar.shop.checkout.schemas import PlacedView
from pasar.shop.checkout.terms import checkout_terms
from pasar.shop.checkout.views import placed_view
from pasar.shop.orders.public import OrderFacts, order_by_id, orders_page, placed_path, view_token
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["CHECKOUT_PAGES"]

AnyRequest = Request[Any, Any, Any]
GUARDS = [switched(page, CART_SWITCH)]
register_notice("ordered-already", "info", N_("This cart has been ordered already."))


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of the page: who, whose cart, and what has been filled in."""

    request: AnyRequest
    context: Context
    runtime: Runtime
    owner: Owner
    values: dict[str, str]
    key: str


@get("/checkout", guards=GUARDS, include_in_schema=False)
async def show_checkout(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for what an order needs, filled in as far as it is known."""
    refuse_guests(context)
    cart = await _cart(request, context, runtime)
    if isinstance(cart, Response):
        return cart
    owner = page_owner(context, cookie_of(request))
    assert owner is not None, "there is a cart"
    values = await _known_values(context, runtime, cart)
    return await _page(Visit(request, context, runtime, owner, values, new_token()), {})


@post("/checkout", guards=GUARDS, include_in_schema=False)
async def check_out(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Place the order; or, without `do=place`, reckon anew with what is filled in."""
    refuse_guests(context)
    form = await request.form()
    owner = page_owner(context, cookie_of(request))
    assert owner is not None, "a form is only accepted from a browser with a session"
    key = text_of(form, "key", 64) or new_token()
    visit = Visit(request, context, runtime, owner, values_of(form), key)
    if form.get("do") == "place":
        return await _place(visit, text_of(form, "seen", 4000))
    if form.get("do") == "fill":
        visit.values.update(await chosen_address(runtime.database, context, visit.values["saved"]))
    cart = await _cart(request, context, runtime)
    return cart if isinstance(cart, Response) else await _page(visit, {})


CHECKOUT_PAGES = (show_checkout, check_out)


async def _place(visit: Visit, seen: str) -> Response[bytes]:
    """Place the order once, however often the form arrives: by its key, and by the cart's generation."""
    context, runtime = visit.context, visit.runtime
    total = expected_total(seen, visit.values["shipping_method"], context.site.currency)
    terms = await checkout_terms(runtime.database, context)

    async def work(session: AsyncSession) -> PlacedView:
        data = checkout_input(visit.values, total or "0")
        placed = await place_from_cart(session, runtime, context, visit.owner, data, terms)
        return placed_view(runtime, placed)

    try:
        answer = await once(visit.request, work, key=visit.key)
    except (Unprocessable, Conflict, NotFound) as problem:
        return await _refused(visit, problem)
    if visit.values["save_address"]:
        await save_address(runtime.database, context, address_input(visit.values, "ship"))
    placed = msgspec.json.decode(answer.content, type=_Placed)
    return see_other(placed_path(view_token(runtime, context.company_id, placed.order.id)))


class _OrderId(msgspec.Struct):
    id: UUID


class _Placed(msgspec.Struct):
    """Of the answer, which may be one told before, the order's id."""

    order: _OrderId


async def _refused(visit: Visit, problem: Problem) -> Response[bytes]:
    """The same form again, with what is wrong beside the fields; or the cart, when that is what is wrong."""
    words = translator(visit.context.locale)
    match problem.code:
        case "idempotency_key_reused" | "already_ordered":
            return see_other("/cart", notice="ordered-already")
        case "cart_empty" | "cart_not_found":
            return see_other("/cart")
        case "not_for_sale" | "out_of_stock":
            return see_other("/cart", notice="look-again")
        case "price_changed":
            said = words.gettext(
                "Please look at the total once more: it has changed with what you filled in."
            )
            return await _page(visit, {"": said})
        case _ if problem.errors:
            return await _page(visit, problem_words(problem.errors, visit.values, words))
        case _:
            raise problem


async def _cart(request: AnyRequest, context: Context, runtime: Runtime) -> CartFacts | Response[bytes]:
    """The cart to be ordered, or the way to the cart's page where something stands against that."""
    owner = page_owner(context, cookie_of(request))
    cart = await find_cart(runtime.database, owner, at=runtime.clock.now()) if owner else None
    if cart is None or not cart.lines:
        return see_other("/cart")
    if any(line.amount is None or not line.enough for line in cart.lines):
        return see_other("/cart", notice="look-again")
    return cart


async def _page(visit: Visit, errors: dict[str, str]) -> Response[bytes]:
    context, runtime, values = visit.context, visit.runtime, visit.values
    preview = await _preview(visit)
    if preview is None or not preview.cart.lines:
        return see_other("/cart")
    words, reckoning = translator(context.locale), preview.reckoning
    if not reckoning.chosen and reckoning.quotes:
        values["shipping_method"] = ""
    elif reckoning.chosen:
        values["shipping_method"] = reckoning.chosen.method.method_id
    return await page_response(
        visit.request,
        "shop/checkout/checkout.html",
        status=422 if errors else 200,
        values=values,
        errors=errors,
        key=visit.key,
        seen=seen_prices(reckoning) if _complete(preview) else "",
        complete=_complete(preview),
        lines=cart_page_lines(preview.cart, words, runtime.settings.cdn_base_url),
        totals=reckoning.totals,
        reckoning=reckoning,
        methods=_method_choices(preview, context.locale),
        ways=preview.ways_to_pay,
        countries=country_choices(context.locale),
        shapes={kind: address_shape(values[f"{kind}_country"]) for kind in ("ship", "bill")},
        signed_in=context.caller.kind != "guest",
        saved=await saved_choices(runtime.database, context),
        keeps=context.caller.customer_id is not None,
    )


async def _preview(visit: Visit) -> Preview | None:
    data = preview_input(visit.values)
    try:
        preview = await preview_order(visit.runtime, visit.context, visit.owner, data)
    except NotFound:
        return None
    if preview.reckoning.chosen is None and preview.reckoning.quotes:
        # The way that was chosen does not go to this address: offer the cheapest that does.
        visit.values["shipping_method"] = ""
        return await preview_order(visit.runtime, visit.context, visit.owner, preview_input(visit.values))
    return preview


def _complete(preview: Preview) -> bool:
    """Whether the total on the page is the one to be paid, as far as the address is known."""
    reckoning = preview.reckoning
    return reckoning.chosen is not None or not any(line.requires_shipping for line in preview.cart.lines)


def _method_choices(preview: Preview, locale: str) -> list[tuple[str, str, str, str]]:
    """The ways to send the goods as `radios` takes them: id, name, how long, price."""
    words, currency = translator(locale), preview.cart.currency
    return [
        (
            quote.method.method_id,
            quote.method.name,
            words.gettext("{days} days", days=quote.method.delivery_days)
            if quote.method.delivery_days
            else "",
            format_minor(quote.price_minor, currency, locale) if quote.price_minor else words.gettext("Free"),
        )
        for quote in preview.reckoning.quotes
    ]


async def _known_values(context: Context, runtime: Runtime, cart: CartFacts) -> dict[str, str]:
    """The form's first values: a customer's e-mail, name, and the default address, else the last order's."""
    values = dict.fromkeys(FIELDS, "")
    values |= {"billing": "same", "ship_country": country_of_currency(cart.currency)}
    values["bill_country"] = values["ship_country"]
    caller = context.caller
    if caller.user_id is None:
        return values
    name, phone = await name_and_phone_of(runtime.database, caller.user_id)
    values |= {"email": caller.email, "ship_name": name, "ship_phone": phone or ""}
    last = await _last_order(context, runtime)
    if last is not None:
        values |= ship_values(last.shipping_address, phone or "")
        values["payment_method"] = last.payment_method
    return values | await default_values(runtime.database, context)


async def _last_order(context: Context, runtime: Runtime) -> OrderFacts | None:
    if context.caller.customer_id is None:
        return None
    latest, _ = await orders_page(
        runtime.database, context.company_id, customer_id=context.caller.customer_id, limit=1
    )
    return await order_by_id(runtime.database, context.company_id, latest[0].id) if latest else None
