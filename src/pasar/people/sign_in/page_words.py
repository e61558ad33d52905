"""What is wrong with a field of the account's forms, in the language of the page? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pasar.kernel.errors import FieldProblem
from pasar.kernel.i18n import N_, Translator

__all__ = ["field_words"]

_SHORT: Final = N_("Choose a password of at least 8 characters.")
_LONG: Final = N_("Choose a shorter password.")
_SAME: Final = N_("Choose a password that is not your e-mail address.")
_COMMON: Final = N_("This password is among the first that anybody tries. Choose another one.")
_CODE: Final = N_("The code is wrong, or over. Check it, or ask for a new one.")

# By field and code of the rules: their own sentences are English, for programs' authors.
_WORDS: Final[dict[tuple[str, str], str]] = {
    ("email", "invalid"): N_("This is not an e-mail address. Write it like name@example.com."),
    ("email", "same"): N_("This is your address already."),
    ("email", "email_taken"): N_("This e-mail has an account already. Sign in instead."),
    ("email", "wrong_credentials"): N_("The login or the password is not right. Check both and try again."),
    ("phone", "invalid"): N_("This is not a phone number. Begin with the country code, such as +62."),
    ("phone", "needed"): N_("You sign in by this number alone. Add an e-mail to your account first."),
    ("phone", "phone_taken"): N_("This number signs in to another account. Use another one."),
    ("code", "wrong_code"): _CODE,
    ("code", "phone_taken"): N_("This number signs in to another account. Use another one."),
    ("name", "required"): N_("Say your name."),
    ("name", "too_long"): N_("This name is too long for us."),
    ("name", "control_characters"): N_("Write your name on one line."),
    ("password", "too_short"): _SHORT,
    ("password", "too_long"): _LONG,
    ("password", "same_as_email"): _SAME,
    ("password", "too_common"): _COMMON,
    ("new_password", "too_short"): _SHORT,
    ("new_password", "too_long"): _LONG,
    ("new_password", "same_as_email"): _SAME,
    ("new_password", "too_common"): _COMMON,
    ("current_password", "wrong_password"): N_("This is not your present password. Check it and try again."),
    ("", "link_over"): N_("This link is over, or was used already. Ask for a new one."),
    ("", "email_taken"): N_("This e-mail belongs to another account by now."),
}


def field_words(problems: Iterable[FieldProblem], words: Translator) -> dict[str, str]:
    """The problems by field, translated; one that is not known keeps its English."""
    return {one.field: words.gettext(_WORDS.get((one.field, one.code), one.message)) for one in problems}
