"""The cart's page, and the forms that fill, change and empty it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, NotFound, Unprocessable
from pasar.kernel.http.guards import cookie_of, page
from pasar.kernel.http.switching import switched
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.carts.actions.add_line import WantedLine
from pasar.shop.carts.actions.change_line import change_line
from pasar.shop.carts.adding import add_to_own_cart
from pasar.shop.carts.cart_page import cart_page_lines, refusal_words
from pasar.shop.carts.page_owner import page_owner
from pasar.shop.carts.queries import CartFacts, cart_count, find_cart
from pasar.shop.carts.site_rules import CART_SWITCH, cart_rules
from pasar.shop.catalog.public import StockedProduct, offer_for, product_page
from pasar.web.answering import page_facts, page_response, see_other
from pasar.web.form_values import text_of, whole_of
from pasar.web.notices import register_notice

__all__ = ["CART_PAGES"]

AnyRequest = Request[Any, Any, Any]
GUARDS: Final = [switched(page, CART_SWITCH)]
OPTION_FIELDS: Final = ("option1", "option2", "option3")

register_notice("added", "success", N_("It is in your cart."))
register_notice("removed", "success", N_("It is no longer in your cart."))
register_notice("not-that-many", "warning", N_("There are not that many left. Choose fewer."))
register_notice("cart-limit", "warning", N_("Your cart does not hold that many. Order some of it first."))
register_notice("no-such-choice", "warning", N_("This combination is not made. Choose another one."))
register_notice("how-many", "warning", N_("Write how many you want, as a whole number."))
register_notice("look-again", "warning", N_("Something in your cart has changed. Please look at it again."))

_REFUSED: Final[Mapping[str, str]] = {
    "out_of_stock": "not-that-many",
    "quantity_above_limit": "cart-limit",
    "too_many_lines": "cart-limit",
    "quantity_not_positive": "how-many",
    "not_for_sale": "no-such-choice",
    "variant_required": "no-such-choice",
}


@get("/cart", guards=GUARDS, include_in_schema=False)
async def show_cart(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show what is in the cart."""
    return await _cart_page(request, context, runtime)


@post("/cart/items", guards=GUARDS, include_in_schema=False)
async def add_to_cart(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Put goods into the cart, or show the price of another choice where no script does."""
    form = await request.form()
    product = await product_page(runtime, context, text_of(form, "product", 255))
    values = [value for name in OPTION_FIELDS if (value := text_of(form, name, 255))]
    back = f"/products/{quote(product.facts.handle)}"
    chosen = {name: text_of(form, name, 255) for name in OPTION_FIELDS if text_of(form, name)}
    chosen["quantity"] = text_of(form, "quantity", 6)
    again = f"{back}?{urlencode(chosen)}"
    if "show" in form:
        return see_other(again)
    quantity, variant_id = whole_of(form, "quantity"), _variant(product, context, values)
    if variant_id is None or quantity is None:
        return see_other(again, notice="no-such-choice" if quantity is not None else "how-many")
    owner = page_owner(context, cookie_of(request))
    assert owner is not None, "a form is only accepted from a browser with a session"
    try:
        await add_to_own_cart(
            runtime.database,
            context.site,
            owner,
            WantedLine(product.facts.id, quantity, variant_id),
            currency=context.site.currency,
            at=runtime.clock.now(),
        )
    except (Conflict, Unprocessable) as problem:
        if problem.code not in _REFUSED:
            raise
        return see_other(again, notice=_REFUSED[problem.code])
    return see_other("/cart", notice="added")


@post("/cart/lines/{line_id:uuid}", guards=GUARDS, include_in_schema=False)
async def change_quantity(
    request: AnyRequest, context: Context, runtime: Runtime, line_id: UUID
) -> Response[bytes]:
    """Set the quantity of a line; 0 takes it out."""
    form = await request.form()
    quantity = whole_of(form, "quantity")
    if quantity is None:
        words = translator(context.locale)
        return await _cart_page(
            request, context, runtime, errors={line_id: words.gettext("Write a whole number.")}
        )
    return await _change(request, context, runtime, line_id, quantity)


@post("/cart/lines/{line_id:uuid}/remove", guards=GUARDS, include_in_schema=False)
async def remove_line(
    request: AnyRequest, context: Context, runtime: Runtime, line_id: UUID
) -> Response[bytes]:
    """Take a line out of the cart."""
    return await _change(request, context, runtime, line_id, 0)


CART_PAGES = (show_cart, add_to_cart, change_quantity, remove_line)


async def _change(
    request: AnyRequest, context: Context, runtime: Runtime, line_id: UUID, quantity: int
) -> Response[bytes]:
    owner, at = page_owner(context, cookie_of(request)), runtime.clock.now()
    cart = await find_cart(runtime.database, owner, at=at) if owner else None
    if owner is None or cart is None or cart.id is None:
        return see_other("/cart")
    try:
        await change_line(
            runtime.database, owner, cart.id, line_id, quantity, rules=cart_rules(context.site), at=at
        )
    except NotFound:  # gone already, in another window
        return see_other("/cart")
    except (Conflict, Unprocessable) as problem:
        errors = {line_id: refusal_words(problem, translator(context.locale))}
        return await _cart_page(request, context, runtime, errors=errors)
    return see_other("/cart", notice="removed" if quantity == 0 else None)


async def _cart_page(
    request: AnyRequest, context: Context, runtime: Runtime, *, errors: Mapping[UUID, str] | None = None
) -> Response[bytes]:
    owner = page_owner(context, cookie_of(request))
    cart = await find_cart(runtime.database, owner, at=runtime.clock.now()) if owner else None
    cart = cart or CartFacts(None, context.site.currency)
    words = translator(context.locale)
    lines = cart_page_lines(cart, words, runtime.settings.cdn_base_url, errors)
    return await page_response(
        request,
        "shop/carts/cart.html",
        status=422 if errors else 200,
        lines=lines,
        totals=cart.totals(),
        ready=bool(lines) and not any(line.problem for line in lines),
        errors={f"quantity-{line_id}": text for line_id, text in (errors or {}).items()},
    )


def _variant(product: StockedProduct, context: Context, values: list[str]) -> UUID | None:
    offer = offer_for(product, context.site.currency, values)
    return offer.variant.id if offer else None


async def _count(runtime: Runtime, context: Context, cookie: str | None) -> int:
    """The figure beside the symbol of the cart."""
    owner = page_owner(context, cookie)
    count = await cart_count(runtime.database, owner, at=runtime.clock.now()) if owner else 0
    if count and cookie is not None:
        runtime.limiter.know(cookie)
    return count


page_facts.cart_count = _count
