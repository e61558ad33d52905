"""What is wrong with a factor, in the language of the page? Pure."""

from __future__ import annotations

from typing import Final

from pasar.kernel.errors import Problem, TooMany
from pasar.kernel.i18n import N_, Translator

# By code: the problems' own sentences are English, for programs' authors.
_WORDS: Final = {
    "wrong_code": N_(
        "This is not right, or was used before. Try again with a new code, or use a recovery code."
    ),
    "wrong_password": N_("This is not your password. Try again."),
    "sign_in_again": N_("Your account has no password. Sign out and in again: that confirms it as well."),
    "factor_required": N_("You have a second factor: confirm with it instead."),
    "one_proof_required": N_("Please fill this in."),
    "passkey_refused": N_("This passkey does not fit. Try again, or use another way."),
    "passkey_known": N_("This passkey is registered already. Use another one."),
    "too_many_passkeys": N_("There are too many passkeys. Remove one first."),
    "name_invalid": N_("Choose a shorter name."),
    "no_setup": N_("The setup was begun anew elsewhere. Begin again."),
    "no_second_factor": N_("Set up an authenticator app or a passkey first."),
    "totp_not_found": N_("No authenticator app is set up."),
    "passkey_not_found": N_("This passkey is gone already."),
    "second_factor_demanded": N_(
        "Your company asks for a second factor. Set up another one before you remove this."
    ),
}
_TOO_MANY: Final = N_("Too many tries failed. Wait a quarter of an hour, then try again.")


def factor_words(problem: Problem, words: Translator) -> str:
    """The problem in the page's language; one that is not known keeps its English."""
    if isinstance(problem, TooMany):
        return words.gettext(_TOO_MANY)
    return words.gettext(_WORDS.get(problem.code, problem.detail))
