"""What did the buyer fill in on the checkout's page, and how does it travel on? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pasar.kernel.errors import FieldProblem
from pasar.kernel.i18n import N_, Translator
from pasar.kernel.ids import parse_id
from pasar.kernel.money import Money
from pasar.people.users.public import address_sentence
from pasar.shop.checkout.reckoning import Reckoning
from pasar.shop.checkout.schemas import AddressInput, CheckoutInput, PreviewInput
from pasar.web.form_values import text_of

__all__ = [
    "FIELDS",
    "address_input",
    "checkout_input",
    "expected_total",
    "preview_input",
    "problem_words",
    "seen_prices",
]

Kind = Literal["ship", "bill"]
PARTS: Final = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
_WIRE: Final[Mapping[str, str]] = {"postal_code": "postalCode"}
_KIND_OF: Final[Mapping[str, Kind]] = {"shippingAddress": "ship", "billingAddress": "bill"}
FIELDS: Final = (
    "email",
    "billing",
    "shipping_method",
    "payment_method",
    "saved",
    "save_address",
    *(f"ship_{part}" for part in PARTS),
    *(f"bill_{part}" for part in PARTS),
)
_NO_SHIPPING: Final = N_("We do not deliver to this address. Please choose another one.")
MOST_SEEN: Final = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """The prices on the page that the buyer sent: the goods with tax, and each way to send them."""

    goods: int
    methods: Mapping[str, int]


def values_of(form: Mapping[str, Any]) -> dict[str, str]:
    """Every field's text, for the rules and for showing the form again."""
    return {name: text_of(form, name, 320) for name in FIELDS}


def address_input(values: Mapping[str, str], kind: Kind) -> AddressInput:
    """One of the two addresses as it travels."""
    return AddressInput(**{part: values[f"{kind}_{part}"] for part in PARTS})


def preview_input(values: Mapping[str, str]) -> PreviewInput:
    """What is known so far, to be reckoned. The address is checked only when the order is placed."""
    return PreviewInput(
        shipping_address=address_input(values, "ship") if values["ship_country"] else None,
        shipping_method_id=parse_id(values["shipping_method"]),
    )


def checkout_input(values: Mapping[str, str], total: str) -> CheckoutInput:
    """The order to be placed at the total that the buyer saw."""
    return CheckoutInput(
        payment_method=values["payment_method"] or "-",
        shipping_address=address_input(values, "ship"),
        email=values["email"],
        billing_address=address_input(values, "bill") if values["billing"] == "other" else None,
        shipping_method_id=parse_id(values["shipping_method"]),
        expected_total=total,
    )


def seen_prices(reckoning: Reckoning) -> str:
    """What the page shows, for a hidden field: goods and tax, then each way to send them, in minor units."""
    totals = reckoning.totals
    prices = [f"{quote.method.method_id}={quote.price_minor}" for quote in reckoning.quotes[:MOST_SEEN]]
    return ";".join([str(totals.grand_total - totals.shipping_total), *prices])


def expected_total(seen: str, method_id: str, currency: str) -> str | None:
    """The total that the buyer saw for the chosen way, as a decimal string; None when it was not to be seen.

    `seen` was written by `seen_prices`, and only ever makes an order fail whose total is another.
    """
    goods, *pairs = seen.split(";")
    prices = dict(pair.split("=", 1) for pair in pairs[:MOST_SEEN] if "=" in pair)
    price = prices.get(method_id, "" if prices else "0")
    if not (_figures(goods) and _figures(price)):
        return None
    return Money(int(goods) + int(price), currency).decimal_string()


def _figures(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def field_name(wire: str) -> str:
    """The form's field for a field of the wire: `shippingAddress.postalCode` is `ship_postal_code`."""
    known = {"email": "email", "paymentMethod": "payment_method", "shippingMethodId": "shipping_method"}
    owner, _, part = wire.partition(".")
    kind = _KIND_OF.get(owner)
    if kind is None:
        return known.get(wire, "")
    plain = next((name for name, travels in _WIRE.items() if travels == part), part)
    return f"{kind}_{plain}"


def problem_words(
    problems: Iterable[FieldProblem], values: Mapping[str, str], words: Translator
) -> dict[str, str]:
    """Errors by form field, in the language of the page, in the order of the form."""
    found: dict[str, str] = {}
    for one in problems:
        name = field_name(one.field)
        found[name] = _sentence(name, one, values, words)
    return found


def _sentence(name: str, problem: FieldProblem, values: Mapping[str, str], words: Translator) -> str:
    if name == "email":
        return words.gettext("E-mail: write it like name@example.com.")
    if name == "payment_method":
        return words.gettext("Choose how you want to pay.")
    if name == "shipping_method":
        return words.gettext("Choose how we should send it.")
    kind, _, part = name.partition("_")
    if kind not in {"ship", "bill"}:
        return problem.message
    if problem.code == "no_shipping":
        return words.gettext(_NO_SHIPPING)
    return address_sentence(_WIRE.get(part, part), problem.code, values[f"{kind}_country"], words)
