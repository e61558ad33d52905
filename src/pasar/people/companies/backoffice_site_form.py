"""What does the form of a site say, and what was wrong with it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pasar.kernel.errors import Problem
from pasar.kernel.i18n import N_, Translator
from pasar.people.companies.features import BOUNDS, DEFAULTS
from pasar.people.companies.schemas import NewSite, SiteInput, SwitchesInput, ThemeInput
from pasar.people.companies.site_draft import SiteDraft
from pasar.people.companies.sites import OwnSite
from pasar.web.form_inputs import lines_of
from pasar.web.form_values import text_of, whole_of

__all__ = ["SWITCHES", "blank_values", "new_site_of", "site_change_of", "site_errors", "values_of_site"]

SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "enableCart": (
        N_("Cart and checkout"),
        N_("Without it nobody can order here: the pages stay, the cart goes."),
    ),
    "guestCheckout": (N_("Guests may order"), N_("Without it only customers with an account can.")),
    "enableWishlist": (N_("Wish lists"), ""),
    "enableCompare": (N_("Comparing products"), ""),
}
"""Each switch with its name and what it means, marked for translation."""
COLOURS: Final = ("accent", "ink", "paper")
TEXTS: Final = ("name", "host", "currency", "currencies", "locale", "timeZone", *COLOURS, *BOUNDS)
_SNAKE: Final = {
    "maxCompareItems": "max_compare_items",
    "cartExpirationDays": "cart_expiration_days",
    "maxCartLines": "max_cart_lines",
    "maxLineQuantity": "max_line_quantity",
    "enableCart": "enable_cart",
    "enableWishlist": "enable_wishlist",
    "enableCompare": "enable_compare",
    "guestCheckout": "guest_checkout",
}
_SENTENCES: Final[Mapping[str, str]] = {
    "required": N_("Please fill this in."),
    "control_characters": N_("Please write this on one line."),
    "host.malformed": N_("Write the bare host, such as shop.example.com: no https://, port or path."),
    "host.taken": N_("A site answers at this host already. Choose another one."),
    "host.needs_staff_write": N_("Only who may invite colleagues gives a site another host. Ask an owner."),
    "currencies.unknown": N_("Name currencies by their ISO codes, such as EUR, with commas between."),
    "currency.not_listed": N_("The currency that the site begins with must be one of its currencies."),
    "taxIncluded.not_listed": N_("Say of the site's own currencies only whether prices include tax."),
    "locales.unknown": N_("Choose at least one language."),
    "locale.not_listed": N_("The language that the site begins with must be one of its languages."),
    "timeZone.unknown": N_("Write the zone as Asia/Jakarta or Europe/Berlin."),
    "accent.malformed": N_("Write colours as #rrggbb, such as #0a7a5c."),
    "accent.too_dark": N_("Choose a lighter paper: words could not be read on it."),
    "default_needed": N_("One site is the default. Make another one the default instead."),
    "out_of_range": N_("A whole number from {least} to {most}."),
}


def blank_values(currency: str) -> dict[str, Any]:
    """The form of a site that is to be opened."""
    values: dict[str, Any] = dict.fromkeys(TEXTS, "")
    figures = {name: str(DEFAULTS[name]) for name in BOUNDS}
    on = {name for name in SWITCHES if DEFAULTS[name]}
    known = {"currency": currency, "currencies": currency, "locale": "en", "locales": ("en", "id")}
    return values | figures | known | {"on": on, "included": set(), "isDefault": ""}


def values_of_site(site: OwnSite, features: Mapping[str, Any]) -> dict[str, Any]:
    """The form of a site as it is; `features` are what holds there."""
    draft = site.draft
    return {
        "name": draft.name,
        "host": draft.host or "",
        "currency": draft.currency,
        "currencies": ", ".join(draft.currencies),
        "locale": draft.locale,
        "locales": draft.locales,
        "timeZone": draft.time_zone or "",
        "isDefault": "1" if draft.is_default else "",
        "on": {name for name in SWITCHES if features.get(name)},
        "included": {code for code, included in draft.tax_included.items() if included},
        **{name: draft.theme.get(name, "") for name in COLOURS},
        **{name: str(features.get(name, DEFAULTS[name])) for name in BOUNDS},
    }


def form_values(form: Any) -> dict[str, Any]:
    """What the form says, for the rules and for showing it again."""
    values: dict[str, Any] = {name: text_of(form, name, 300) for name in TEXTS}
    return values | {
        "locales": tuple(str(one)[:10] for one in form.getall("locales", [])),
        "on": {name for name in SWITCHES if text_of(form, name)},
        "included": {str(one)[:3] for one in form.getall("included", [])},
        "isDefault": text_of(form, "isDefault"),
    }


def site_change_of(form: Any, before: SiteDraft) -> tuple[dict[str, Any], SiteInput]:
    """The form's values, and the whole change that they mean. A figure that is none is -1, which the rules
    refuse; what is as it was by default is not decided anew."""
    values = form_values(form)
    currencies = lines_of(values["currencies"])
    listed = {code.upper() for code in currencies}
    return values, SiteInput(
        name=values["name"],
        host=values["host"] or None,
        is_default=values["isDefault"] == "1" or before.is_default,
        currency=values["currency"],
        currencies=currencies,
        locale=values["locale"],
        locales=list(values["locales"]),
        time_zone=values["timeZone"] or None,
        features=_switches(form, before.features),
        tax_included={code: code in values["included"] for code in listed & _asked(before, values)},
        theme=ThemeInput(**{name: values[name] or None for name in COLOURS}),
    )


def new_site_of(form: Any) -> tuple[dict[str, Any], NewSite]:
    """The same for a site that is to be opened."""
    values, change = site_change_of(form, SiteDraft(name="", currency=""))
    fields = {name: getattr(change, name) for name in change.__struct_fields__}
    return values, NewSite(**fields)


def site_errors(problem: Problem, words: Translator) -> dict[str, str]:
    """What was refused, beside its field."""
    errors: dict[str, str] = {}
    for one in problem.errors:
        name = one.field.removeprefix("features.").replace("theme", "accent")
        sentence = _SENTENCES.get(f"{name}.{one.code}") or _SENTENCES.get(one.code) or one.message
        least, most = BOUNDS.get(name, (0, 0))
        errors[name] = words.gettext(sentence, least=least, most=most)
    return errors or {"": problem.detail}


def _switches(form: Any, before: Mapping[str, Any]) -> SwitchesInput:
    changes: dict[str, Any] = {}
    for name in DEFAULTS:
        figure = whole_of(form, name) if name in BOUNDS else bool(text_of(form, name))
        value = -1 if figure is None else figure
        if name in before or value != DEFAULTS[name]:
            changes[_SNAKE[name]] = value
    return SwitchesInput(**changes)


def _asked(before: SiteDraft, values: Mapping[str, Any]) -> set[str]:
    """The currencies of which the form asked, or said, whether prices include tax."""
    return set(before.tax_included) | set(values["included"])
