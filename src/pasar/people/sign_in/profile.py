"""What does somebody want to change in the own account, and may it be so?"""

from __future__ import annotations

import msgspec

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.people.sign_in.schemas import ProfileBody
from pasar.people.users.public import (
    PersonNameError,
    PhoneError,
    ProfileChange,
    normalise_name,
    normalise_phone,
)


def profile_change(body: ProfileBody) -> ProfileChange:
    """The change, normalised. Raises `Unprocessable` with every wrong field."""
    problems: list[FieldProblem] = []
    name: str | None = None
    phone: str | None = None
    if not isinstance(body.name, msgspec.UnsetType):
        try:
            name = normalise_name(body.name)
        except PersonNameError as refusal:
            problems.append(FieldProblem("name", refusal.code, str(refusal)))
    if isinstance(body.phone, str):
        try:
            phone = normalise_phone(body.phone)
        except PhoneError as refusal:
            problems.append(FieldProblem("phone", "invalid", str(refusal)))
    if problems:
        raise Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=problems)
    return ProfileChange(name=name, phone=phone, phone_given=body.phone is not msgspec.UNSET)
