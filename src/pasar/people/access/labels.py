"""May this be the name of a role or of a key? Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from pasar.kernel.errors import FieldProblem, Unprocessable

LONGEST_LABEL: Final = 60
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def label(text: str) -> str:
    """The name in NFC with single spaces. Raises `Unprocessable` (`invalid_fields`) on the field `name`."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain:
        raise _refused("required", "Give it a name.")
    if len(plain) > LONGEST_LABEL:
        raise _refused("too_long", f"At most {LONGEST_LABEL} characters.")
    if any(unicodedata.category(mark) in _REFUSED for mark in text):
        raise _refused("control_characters", "Line breaks and invisible characters are not allowed.")
    return plain


def _refused(code: str, told: str) -> Unprocessable:
    problem = FieldProblem("name", code, told)
    return Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=[problem])
