"""Is this an e-mail address, and how is it kept? One form per mailbox, without asking the network."""

from __future__ import annotations

import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email

LONGEST_EMAIL: Final = 254
"""RFC 5321, with the erratum: what still fits a mail command."""


class EmailError(ValueError):
    """Not an e-mail address. The message says why, in English."""


def normalise_email(text: str) -> str:
    """The address as it is kept and compared: NFKC, trimmed, lower-case. Raises `EmailError`.

    The local part is lower-cased too: mail servers that tell `Ann@` from `ann@` are not found in practice,
    people who type either are.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if len(plain) > LONGEST_EMAIL:
        raise EmailError(f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    try:
        # The test environment admits `.test`, where the demo's logins live, and nothing else.
        found = validate_email(plain, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise EmailError("This is not an e-mail address. Write it like name@example.com.") from None
    return found.normalized.lower()
