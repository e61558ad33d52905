"""How do a product and a variant stand in a form, and what does a filled form mean? Pure.

Fields of a variant carry its id ("sku-0193…", "new" for one to be made), because a page holds many of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product as every_choice
from typing import Any, Final

from pasar.kernel.i18n import Translator
from pasar.kernel.money import Money, MoneyError
from pasar.shop.catalog.admin_schemas import (
    AdminProduct,
    AdminVariant,
    ProductChange,
    ProductIn,
    VariantChange,
    VariantIn,
)
from pasar.web.form_inputs import input_of, lines_of
from pasar.web.form_values import text_of

__all__ = [
    "OPTION_FIELDS",
    "product_form",
    "product_values",
    "read_new_product",
    "read_new_variant",
    "read_product_change",
    "read_variant_change",
    "variant_form",
    "variant_values",
]

TEXTS: Final = ("title", "handle", "vendor", "category_id", "tags", "status", "seo_title", "seo_description")
OPTION_FIELDS: Final = ("option1", "option2", "option3")
LONGEST_TEXT: Final = 600_000
MOST_MADE: Final = 250
_WIRE: Final = {"category_id": "categoryId", "seo_title": "seoTitle", "seo_description": "seoDescription"}
_FORM: Final = {wire: name for name, wire in _WIRE.items()} | {"weightGrams": "weight"}

Form = Mapping[str, Any]
Errors = dict[str, str]


def product_values(product: AdminProduct | None) -> dict[str, str]:
    """A product as its form shows it; empty for a new one, which starts as a draft."""
    if product is None:
        names = (*TEXTS, "description", *OPTION_FIELDS, *(f"{one}_values" for one in OPTION_FIELDS))
        return dict.fromkeys(names, "") | {"status": "draft"}
    options = dict(zip(OPTION_FIELDS, [*product.options, "", "", ""], strict=False))
    return {
        "title": product.title,
        "handle": product.handle,
        "description": product.description,
        "vendor": product.vendor,
        "category_id": str(product.category_id or ""),
        "tags": ", ".join(product.tags),
        "status": product.status,
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        **options,
    }


def product_form(form: Form) -> dict[str, str]:
    """What was typed of a product, to be read and, if need be, shown again."""
    values = {name: text_of(form, name, 4000) for name in TEXTS}
    values["description"] = text_of(form, "description", LONGEST_TEXT)
    for name in OPTION_FIELDS:
        values[name] = text_of(form, name)
        values[f"{name}_values"] = text_of(form, f"{name}_values", 20_000)
    return values


def read_product_change(values: Mapping[str, str], words: Translator) -> tuple[ProductChange | None, Errors]:
    """The change that the form asks for, or what is wrong by field."""
    data, errors = input_of(ProductChange, _product(values, change=True), words)
    return data, _named(errors)


def read_new_product(
    values: Mapping[str, str], first: Mapping[str, str], currencies: Sequence[str], words: Translator
) -> tuple[ProductIn | None, Errors]:
    """A new product with a variant for each combination of option values, all as the `first`."""
    raw = _product(values, change=False)
    errors: Errors = {}
    chosen = []
    for name in OPTION_FIELDS:
        options = lines_of(values[f"{name}_values"])
        if values[name] and not options:
            errors[f"{name}_values"] = words.gettext("Write the values that buyers choose from: S, M, L")
        elif options and not values[name]:
            errors[name] = words.gettext("Name what buyers choose: Size, Colour")
        elif options:
            chosen.append([(values[name], value) for value in options])
    combinations = [dict(one) for one in every_choice(*chosen)]
    if len(combinations) > MOST_MADE:
        errors["option1_values"] = words.gettext(
            "That makes {n} variants at once. Make fewer than {most} and add the others later.",
            n=len(combinations),
            most=MOST_MADE,
        )
    variant, wrong = _variant(first, "new", currencies, [], words)
    single = len(combinations) == 1
    raw["variants"] = [
        variant | {"options": options} | ({} if single else {"sku": None, "barcode": None})
        for options in combinations[:MOST_MADE]
    ]
    data, refused = input_of(ProductIn, raw, words)
    if "variants" in refused:
        refused["sku-new"] = refused.pop("variants")
    errors = errors | wrong | _named(refused)
    return (None, errors) if errors else (data, {})


def variant_values(
    variant: AdminVariant | None, key: str, options: Sequence[str], currencies: Sequence[str]
) -> dict[str, Any]:
    """A variant as its form shows it, under names that carry `key`."""
    values: dict[str, Any] = {
        f"sku-{key}": variant.sku or "" if variant else "",
        f"barcode-{key}": variant.barcode or "" if variant else "",
        f"weight-{key}": str(variant.weight_grams) if variant else "0",
        f"active-{key}": variant.is_active if variant else True,
        f"taxable-{key}": variant.taxable if variant else True,
        f"ships-{key}": variant.requires_shipping if variant else True,
        f"backorder-{key}": variant.allow_backorder if variant else False,
    }
    prices = {price.currency: price for price in variant.prices} if variant else {}
    for code in currencies:
        price = prices.get(code)
        values[f"price-{code}-{key}"] = price.amount if price else ""
        values[f"compare-{code}-{key}"] = (price.compare_at or "") if price else ""
    for place, name in enumerate(options):
        values[f"value{place}-{key}"] = variant.options.get(name, "") if variant else ""
    return values


def variant_form(form: Form, key: str, options: Sequence[str], currencies: Sequence[str]) -> dict[str, Any]:
    """What was typed of a variant."""
    values: dict[str, Any] = {
        name: text_of(form, name) for name in variant_values(None, key, options, currencies)
    }
    for name in ("active", "taxable", "ships", "backorder"):
        values[f"{name}-{key}"] = bool(values[f"{name}-{key}"])
    return values


def read_new_variant(
    values: Mapping[str, Any], options: Sequence[str], currencies: Sequence[str], words: Translator
) -> tuple[VariantIn | None, Errors]:
    """A new variant, or what is wrong by field."""
    raw, errors = _variant(values, "new", currencies, [], words)
    raw["options"] = {name: values[f"value{place}-new"] for place, name in enumerate(options)}
    data, refused = input_of(VariantIn, raw, words)
    errors = errors | _of_variant(refused, "new")
    return (None, errors) if errors else (data, {})


def read_variant_change(
    values: Mapping[str, Any],
    variant: AdminVariant,
    options: Sequence[str],
    currencies: Sequence[str],
    words: Translator,
) -> tuple[VariantChange | None, Errors]:
    """The change that the form asks for. A price that was taken out ends the sale in its currency."""
    key = str(variant.id)
    had = [price.currency for price in variant.prices]
    raw, errors = _variant(values, key, currencies, had, words)
    del raw["allowBackorder"]
    raw["options"] = {name: values[f"value{place}-{key}"] for place, name in enumerate(options)}
    data, refused = input_of(VariantChange, raw, words)
    errors = errors | _of_variant(refused, key)
    return (None, errors) if errors else (data, {})


def _product(values: Mapping[str, str], *, change: bool) -> dict[str, Any]:
    raw: dict[str, Any] = {_WIRE.get(name, name): values[name] for name in TEXTS}
    raw["description"] = values["description"]
    raw["tags"] = lines_of(values["tags"])
    raw["categoryId"] = values["category_id"] or None
    raw["options"] = [values[name] for name in OPTION_FIELDS if values[name]]
    if not values["handle"]:
        del raw["handle"]  # a new product gets one of its title, an old one keeps its own
    if change and not values["option1"]:
        raw["options"] = []
    return raw


def _variant(
    values: Mapping[str, Any], key: str, currencies: Sequence[str], had: Sequence[str], words: Translator
) -> tuple[dict[str, Any], Errors]:
    errors: Errors = {}
    prices = []
    for code in currencies:
        amount = str(values[f"price-{code}-{key}"])
        compare = str(values[f"compare-{code}-{key}"])
        for name, text in (("price", amount), ("compare", compare)):
            if text and not _is_price(text, code):
                errors[f"{name}-{code}-{key}"] = words.gettext(
                    "Write a plain number, such as {example}.", example=Money(12900, code).decimal_string()
                )
        if compare and not amount:
            errors[f"price-{code}-{key}"] = words.gettext("Write the price as well.")
        if amount:
            prices.append({"currency": code, "amount": amount, "compareAt": compare or None})
        elif code in had:
            prices.append({"currency": code, "amount": None})
    raw = {
        "sku": values[f"sku-{key}"] or None,
        "barcode": values[f"barcode-{key}"] or None,
        "weightGrams": values[f"weight-{key}"] or 0,
        "isActive": values[f"active-{key}"],
        "taxable": values[f"taxable-{key}"],
        "requiresShipping": values[f"ships-{key}"],
        "allowBackorder": values[f"backorder-{key}"],
        "prices": [] if errors else prices,
    }
    weight = raw["weightGrams"]
    if isinstance(weight, str) and not (weight.isascii() and weight.isdecimal() and len(weight) < 10):
        errors[f"weight-{key}"] = words.gettext("Write a whole number.")
        raw["weightGrams"] = 0
    return raw, errors


def _is_price(text: str, currency: str) -> bool:
    try:
        return Money.parse(text, currency).minor >= 0
    except MoneyError:
        return False


def _named(errors: Mapping[str, str]) -> Errors:
    named = {_FORM.get(name, name): text for name, text in errors.items()}
    if "options" in named:
        named["option1"] = named.pop("options")
    return named


def _of_variant(errors: Mapping[str, str], key: str) -> Errors:
    named = {"weightGrams": "weight", "options": "value0"}
    return {f"{named.get(name, name)}-{key}" if name else "": text for name, text in errors.items()}
