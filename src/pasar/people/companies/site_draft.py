"""What is a site to be, and may it be so? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import available_timezones

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.i18n import spoken_locales
from pasar.kernel.money import known_currency
from pasar.people.companies.features import BOUNDS, DEFAULTS
from pasar.people.companies.hosts import HostError, normalise_host
from pasar.web.theme import LIGHT_PAPER, READABLE, ColourError, contrast, validate_colours

MOST_CURRENCIES: Final = 30
DARKEST_PAPER: Final = 12.0
"""Contrast that black must have on a paper, so that it is a light one: the dark scheme has its own."""


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """All that staff decide of a site. `currency` and `locale` are what it begins with. `time_zone` None is
    the company's. `features` and `theme` hold only what the site has decided for itself; `tax_included` says
    by currency whether prices include tax, and not where it is not named."""

    name: str
    currency: str
    host: str | None = None
    is_default: bool = False
    currencies: tuple[str, ...] = ()
    locale: str = "en"
    locales: tuple[str, ...] = ()
    time_zone: str | None = None
    features: Mapping[str, Any] = field(default_factory=dict)
    tax_included: Mapping[str, bool] = field(default_factory=dict)
    theme: Mapping[str, str] = field(default_factory=dict)


def checked(draft: SiteDraft) -> SiteDraft:
    """The draft as it is kept. Raises `Unprocessable` (`site_wrong`) with every field that is wrong."""
    problems: list[FieldProblem] = []
    name = " ".join(draft.name.split())
    if not name:
        problems.append(FieldProblem("name", "required", "Give the site a name."))
    elif any(not mark.isprintable() for mark in name):
        problems.append(FieldProblem("name", "control_characters", "Write the name on one line."))
    host = _host(draft.host, problems)
    currencies = tuple(dict.fromkeys(code.strip().upper() for code in draft.currencies))
    _check_money(draft, currencies, problems)
    _check_languages(draft, problems)
    if draft.time_zone is not None and draft.time_zone not in available_timezones():
        told = "Name the time zone as IANA does, such as Asia/Jakarta."
        problems.append(FieldProblem("timeZone", "unknown", told))
    _check_features(draft.features, problems)
    theme = _theme(draft.theme, problems)
    if problems:
        raise Unprocessable("site_wrong", "Check the marked fields and send them again.", errors=problems)
    return replace(draft, name=name, host=host, currencies=currencies, theme=theme)


def _host(host: str | None, problems: list[FieldProblem]) -> str | None:
    if not host or not host.strip():
        return None
    try:
        return normalise_host(host)
    except HostError as refusal:
        problems.append(FieldProblem("host", "malformed", str(refusal)))
        return None


def _check_money(draft: SiteDraft, currencies: tuple[str, ...], problems: list[FieldProblem]) -> None:
    unknown = [code for code in currencies if not known_currency(code)]
    if unknown or not currencies or len(currencies) > MOST_CURRENCIES:
        told = f"Name one to {MOST_CURRENCIES} currencies by their ISO codes, such as EUR."
        problems.append(FieldProblem("currencies", "unknown", told))
    if draft.currency not in currencies:
        told = "The currency that the site begins with must be one of its currencies."
        problems.append(FieldProblem("currency", "not_listed", told))
    if not draft.tax_included.keys() <= set(currencies):
        told = "Say of the site's own currencies only whether prices include tax."
        problems.append(FieldProblem("taxIncluded", "not_listed", told))


def _check_languages(draft: SiteDraft, problems: list[FieldProblem]) -> None:
    spoken = spoken_locales()
    if not draft.locales or not set(draft.locales) <= set(spoken):
        told = f"Choose among the languages that are spoken here: {', '.join(spoken)}."
        problems.append(FieldProblem("locales", "unknown", told))
    if draft.locale not in draft.locales:
        told = "The language that the site begins with must be one of its languages."
        problems.append(FieldProblem("locale", "not_listed", told))


def _check_features(features: Mapping[str, Any], problems: list[FieldProblem]) -> None:
    for name, value in features.items():
        if name in BOUNDS:
            least, most = BOUNDS[name]
            if type(value) is not int or not least <= value <= most:
                told = f"A whole number from {least} to {most}."
                problems.append(FieldProblem(f"features.{name}", "out_of_range", told))
        elif name not in DEFAULTS or type(value) is not bool:
            problems.append(FieldProblem(f"features.{name}", "unknown", "There is no such switch."))


def _theme(theme: Mapping[str, str], problems: list[FieldProblem]) -> dict[str, str]:
    """The colours in lower case. Accent and ink may be any: the style sheet moves each in lightness until it
    can be read on the paper of both schemes (`web.theme`); a paper has nothing to be moved against."""
    try:
        colours = validate_colours(theme)
    except ColourError:
        told = "Write colours as #rrggbb, such as #0a7a5c."
        problems.append(FieldProblem("theme", "malformed", told))
        return {}
    if contrast(colours.get("paper", LIGHT_PAPER), "#000000") < DARKEST_PAPER:
        told = f"Choose a lighter paper: words need a contrast of {READABLE} and more on it."
        problems.append(FieldProblem("theme", "too_dark", told))
    return colours
