"""Which countries does a form offer, under their names in the language of the page?"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pasar.kernel.i18n import babel_locale

__all__ = ["country_choices", "country_name"]

_CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)
# Codes of Babel's that name no country: the Union, the Euro zone, the United Nations, pseudo regions.
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@cache
def country_choices(locale: str) -> tuple[tuple[str, str], ...]:
    """ISO 3166-1 alpha-2 codes with their names, by name."""
    names = babel_locale(locale).territories
    found = [
        (code, str(name)) for code, name in names.items() if _CODE.fullmatch(code) and code not in _NO_COUNTRY
    ]
    return tuple(sorted(found, key=lambda pair: pair[1].casefold()))


def country_name(code: str, locale: str) -> str:
    """The country's name; the code itself where it has none."""
    return str(babel_locale(locale).territories.get(code, code))
