"""Is this a phone number, and how is it kept?"""

from __future__ import annotations

import phonenumbers


class PhoneError(ValueError):
    """Not a phone number. The message says how to write one, in English."""


def normalise_phone(text: str) -> str | None:
    """The number in E.164, or None for an empty text. Raises `PhoneError`.

    Without an address there is no country to guess, so the number must carry its country code.
    """
    if not text.strip():
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise PhoneError("Write the number with its country code, such as +62 812 3456 7890.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
