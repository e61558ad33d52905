"""The address book among the pages of one's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Forbidden, Problem, Unauthorised, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.actions.add_address import MOST_ADDRESSES, add_address
from pasar.people.users.actions.change_address import change_address
from pasar.people.users.actions.remove_address import remove_address
from pasar.people.users.actions.set_default_address import set_default_address
from pasar.people.users.address_book import (
    LONGEST_LABEL,
    AddressWish,
    KeptAddress,
    addresses_of,
    one_address,
    wished_address,
)
from pasar.people.users.address_form import address_sentence, address_shape, country_choices
from pasar.web.answering import page_response, see_other
from pasar.web.countries import country_name
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

__all__ = ["ADDRESS_PAGES"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/account/addresses"
ONE: Final = HOME + "/{address_id:uuid}"
PAGE: Final = [page]
LIST: Final = "people/users/account/addresses.html"
FORM: Final = "people/users/account/address.html"
# By their names on the wire; the form uses the same.
FIELDS: Final = ("label", "name", "line1", "line2", "city", "region", "postalCode", "country", "phone")

register_notice("address-removed", "success", N_("The address is gone."))
register_notice("address-default", "success", N_("Your goods normally go there now."))
register_notice(
    "last-address", "warning", N_("This is your only address. Add another one first, or change it.")
)
slots.fill("account_tabs", Filling("addresses", "people/users/account/addresses_tab.html", order=30))


@get(HOME, guards=PAGE, include_in_schema=False)
async def show_addresses(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List the customer's addresses."""
    book = await addresses_of(runtime.database, context.company_id, _customer(context))
    countries = {one.address.country: country_name(one.address.country, context.locale) for one in book}
    full = len(book) >= MOST_ADDRESSES
    return await page_response(request, LIST, book=book, countries=countries, full=full)


@get(f"{HOME}/new", guards=PAGE, include_in_schema=False)
async def new_address(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask for a new address."""
    _customer(context)
    values = dict.fromkeys(FIELDS, "") | {"name": context.caller.name, "isDefault": ""}
    return await _form(request, context, None, values, {})


@post(f"{HOME}/new", guards=PAGE, include_in_schema=False)
async def create_address(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Add an address; or, by the other button, show the fields of the chosen country."""
    customer_id, values = _customer(context), await _values(request)
    if values["step"] == "country":
        return await _form(request, context, None, values, {})
    wish = _wish(values)
    try:
        label, address = wished_address(wish, None)
        async with runtime.database.transaction() as session:
            await add_address(
                session, context.company_id, customer_id, address, label=label, is_default=wish.is_default
            )
    except (Unprocessable, Conflict) as problem:
        return await _form(request, context, None, values, _errors(problem, values, context))
    return see_other(HOME, notice="saved")


@get(ONE, guards=PAGE, include_in_schema=False)
async def show_address(
    request: AnyRequest, context: Context, runtime: Runtime, address_id: UUID
) -> Response[bytes]:
    """Show an address to be changed."""
    kept = await one_address(runtime.database, context.company_id, _customer(context), address_id)
    return await _form(request, context, kept, _values_of(kept), {})


@post(ONE, guards=PAGE, include_in_schema=False)
async def edit_address(
    request: AnyRequest, context: Context, runtime: Runtime, address_id: UUID
) -> Response[bytes]:
    """Change an address."""
    customer_id, values = _customer(context), await _values(request)
    kept = await one_address(runtime.database, context.company_id, customer_id, address_id)
    if values["step"] == "country":
        return await _form(request, context, kept, values, {})
    try:
        async with runtime.database.transaction() as session:
            await change_address(session, context.company_id, customer_id, address_id, _wish(values))
    except Unprocessable as problem:
        return await _form(request, context, kept, values, _errors(problem, values, context))
    return see_other(HOME, notice="saved")


@post(f"{ONE}/set-default", guards=PAGE, include_in_schema=False)
async def choose_default(context: Context, runtime: Runtime, address_id: UUID) -> Response[bytes]:
    """Make an address the one that goods normally go to."""
    async with runtime.database.transaction() as session:
        await set_default_address(session, context.company_id, _customer(context), address_id)
    return see_other(HOME, notice="address-default")


@post(f"{ONE}/remove", guards=PAGE, include_in_schema=False)
async def drop_address(context: Context, runtime: Runtime, address_id: UUID) -> Response[bytes]:
    """Remove an address, though not the last."""
    try:
        async with runtime.database.transaction() as session:
            await remove_address(session, context.company_id, _customer(context), address_id)
    except Conflict:
        return see_other(HOME, notice="last-address")
    return see_other(HOME, notice="address-removed")


ADDRESS_PAGES = (
    show_addresses,
    new_address,
    create_address,
    show_address,
    edit_address,
    choose_default,
    drop_address,
)


def _customer(context: Context) -> UUID:
    """Whose book it is. Raises `Unauthorised`, which leads guests to sign in, and `Forbidden` for staff."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    if context.caller.customer_id is None:
        raise Forbidden("customers_only", "Only customers of this shop have an address book.")
    return context.caller.customer_id


async def _values(request: AnyRequest) -> dict[str, str]:
    form = await request.form()
    return {name: text_of(form, name) for name in (*FIELDS, "isDefault", "step")}


def _values_of(kept: KeptAddress) -> dict[str, str]:
    address = kept.address
    return {
        "label": kept.label,
        "name": address.name,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "region": address.region,
        "postalCode": address.postal_code,
        "country": address.country,
        "phone": address.phone,
        "isDefault": "1" if kept.is_default else "",
    }


def _wish(values: Mapping[str, str]) -> AddressWish:
    return AddressWish(
        label=values["label"],
        name=values["name"],
        line1=values["line1"],
        line2=values["line2"],
        city=values["city"],
        region=values["region"],
        postal_code=values["postalCode"],
        country=values["country"],
        phone=values["phone"],
        is_default=values["isDefault"] == "1",
    )


def _errors(problem: Problem, values: Mapping[str, str], context: Context) -> dict[str, str]:
    words = translator(context.locale)
    if problem.code == "too_many_addresses":
        most = MOST_ADDRESSES
        return {"": words.gettext("An address book has at most {n} addresses. Remove one first.", n=most)}
    return {
        one.field: address_sentence(one.field, one.code, values["country"], words) for one in problem.errors
    }


async def _form(
    request: AnyRequest,
    context: Context,
    kept: KeptAddress | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response[bytes]:
    return await page_response(
        request,
        FORM,
        status=422 if errors else 200,
        kept=kept,
        values=values,
        errors=errors,
        shape=address_shape(values["country"]),
        countries=country_choices(context.locale),
        longest_label=LONGEST_LABEL,
    )
