"""What does a form of the back office say, and what was wrong with it? One decoder for pages and API.

A form's fields become the API's own `Input`, so that no rule is written twice; what the decoder or an action
refuses comes back as `{field: text}` in the language of the page, ready for `error_summary` and `field`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from pasar.kernel.errors import Problem
from pasar.kernel.i18n import N_, Translator

__all__ = ["Refusals", "input_of", "lines_of", "refusal_errors"]

T = TypeVar("T", bound=msgspec.Struct)

Refusals = Mapping[str, tuple[str, str]]
"""A problem's code, to the field it belongs to ("" for the form) and a sentence marked with `N_`."""

_PLACE: Final = re.compile(r" - at `\$(?:\.(?P<field>\w+))?[^`]*`$")
_MISSING: Final = re.compile(r"missing required field `(?P<field>\w+)`")
_BOUND: Final = re.compile(r"(?P<length>of length )?(?P<sign>>=|<=) (?P<bound>-?\d+)")
_MOST_ERRORS: Final = 20


def input_of(kind: type[T], values: Mapping[str, Any], words: Translator) -> tuple[T | None, dict[str, str]]:
    """`values`, under their names on the wire, as `kind`; or None and every field that cannot be read.

    Texts become numbers and truths where `kind` wants them. Leave out what was left empty.
    """
    left = dict(values)
    errors: dict[str, str] = {}
    for _ in range(_MOST_ERRORS):
        try:
            made = msgspec.convert(left, kind, strict=False)
        except msgspec.ValidationError as problem:
            name, text = _said(str(problem), words)
            errors.setdefault(name, text)
            if name not in left:
                return None, errors
            del left[name]
        else:
            return (None, errors) if errors else (made, {})
    return None, errors


def refusal_errors(problem: Problem, known: Refusals, words: Translator) -> dict[str, str]:
    """What an action refused, beside its field; in English where the module has no words for the code."""
    if problem.code in known:
        name, text = known[problem.code]
        return {name: words.gettext(text, **problem.extra)}
    if problem.errors:
        return {one.field.partition(".")[0].partition("[")[0]: problem.detail for one in problem.errors}
    return {"": problem.detail}


def lines_of(text: str) -> list[str]:
    """The lines of a text area that hold something, and the parts of each between commas."""
    parts = (part.strip() for part in re.split(r"[\n,]", text))
    return list(dict.fromkeys(part for part in parts if part))


def _said(message: str, words: Translator) -> tuple[str, str]:
    missing = _MISSING.search(message)
    if missing:
        return missing["field"], words.gettext("Please fill this in.")
    place = _PLACE.search(message)
    name = (place["field"] or "") if place else ""
    bound = _BOUND.search(message)
    if bound:
        figure, least = bound["bound"], bound["sign"] == ">="
        if bound["length"] and least:
            return name, words.gettext("Please fill this in.")
        if bound["length"]:
            return name, words.gettext("At most {n} characters or entries.", n=figure)
        return name, words.gettext(N_("Not less than {n}.") if least else N_("Not more than {n}."), n=figure)
    if "Expected `int" in message:
        return name, words.gettext("Write a whole number.")
    return name, words.gettext("This cannot be read. Please check it.")
