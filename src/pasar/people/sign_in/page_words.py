"""What is wrong with a field of the account's forms, in the language of the page? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pasar.kernel.errors import FieldProblem
from pasar.kernel.i18n import N_, Translator

__all__ = ["field_words"]

# By field and code of the rules: their own sentences are English, for programs' authors.
_WORDS: Final[dict[tuple[str, str], str]] = {
    ("email", "invalid"): N_("This is not an e-mail address. Write it like name@example.com."),
    ("phone", "invalid"): N_("This is not a phone number. Begin with the country code, such as +62."),
    ("name", "required"): N_("Say your name."),
    ("name", "too_long"): N_("This name is too long for us."),
    ("name", "control_characters"): N_("Write your name on one line."),
    ("password", "too_short"): N_("Choose a password of at least 8 characters."),
    ("password", "too_long"): N_("Choose a shorter password."),
    ("password", "same_as_email"): N_("Choose a password that is not your e-mail address."),
}


def field_words(problems: Iterable[FieldProblem], words: Translator) -> dict[str, str]:
    """The problems by field, translated; one that is not known keeps its English."""
    return {one.field: words.gettext(_WORDS.get((one.field, one.code), one.message)) for one in problems}
