"""Is this a phone number, and how is it kept?"""

from __future__ import annotations

import unicodedata
from typing import Final

import phonenumbers

LONGEST_TYPED: Final = 40
"""Characters: the longest number with every usual sign between its digits; more is no number."""

# Where people write numbers without a country code. A currency of the whole world, such as the dollar, says
# nothing of where its buyers live, so that only those of one country stand here.
REGION_OF_CURRENCY: Final = {"IDR": "ID"}
REGION_OF_LOCALE: Final = {"id": "ID"}


class PhoneError(ValueError):
    """Not a phone number. The message says how to write one, in English."""


def phone_region(currency: str, locale: str) -> str | None:
    """The country whose people a site serves by its own currency or language: `ID`, or None for the world."""
    return REGION_OF_CURRENCY.get(currency) or REGION_OF_LOCALE.get(locale.partition("-")[0])


def normalise_phone(text: str, region: str | None = None) -> str | None:
    """The number in E.164, or None for an empty text. Raises `PhoneError`.

    Without its country code it is read as people of `region` (ISO 3166, two letters) write it; without a
    region there is no country to guess.
    """
    # Digits of any script are digits; nothing invisible hides between them.
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if len(plain) > LONGEST_TYPED or not plain.isprintable():
        raise _refusal()
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise _refusal() from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise _refusal()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _refusal() -> PhoneError:
    return PhoneError("Write the number with its country code, such as +62 812 3456 7890.")
