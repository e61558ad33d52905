"""Is this an e-mail address, and how is it kept? One form per mailbox, without asking the network."""

from __future__ import annotations

import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email

from pasar.people.users.lookalikes import is_lookalike

LONGEST_EMAIL: Final = 254
"""RFC 5321, with the erratum: what still fits a mail command."""

# Control characters, line breaks, marks without a shape (zero-width, direction), lone surrogates: a header
# of one's own begins with some of them, and others make an address read as another one.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class EmailError(ValueError):
    """Not an e-mail address. The message says why, in English."""


def normalise_email(text: str) -> str:
    """The address as it is kept and compared: NFKC, trimmed, lower-case, its domain in Unicode.

    The local part is lower-cased too: mail servers that tell `Ann@` from `ann@` are not found in practice,
    people who type either are. Raises `EmailError`, also for one that could be taken for another address
    because it mixes scripts (`lookalikes`), in its local part or in a label of its domain, `xn--` included.
    """
    trimmed = text.strip()
    if len(trimmed) > LONGEST_EMAIL:
        raise EmailError(f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    if any(unicodedata.category(mark) in _REFUSED for mark in trimmed):
        raise _refusal()
    plain = unicodedata.normalize("NFKC", trimmed).lower()
    try:
        # The test environment admits `.test`, where the demo's logins live, and nothing else.
        found = validate_email(plain, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise _refusal() from None
    kept = found.normalized.lower()
    local, _, domain = kept.rpartition("@")
    if any(is_lookalike(word) for word in (local, *domain.split("."))):
        raise EmailError("This address mixes letters of several scripts. Type it with letters of one.")
    return kept


def _refusal() -> EmailError:
    return EmailError("This is not an e-mail address. Write it like name@example.com.")
