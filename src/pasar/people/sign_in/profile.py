"""What does somebody want to change in the own account, and may it be so?"""

from __future__ import annotations

import msgspec

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.i18n import spoken_locales
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.schemas import ProfileBody
from pasar.people.users.public import (
    OwnProfile,
    PersonNameError,
    PhoneError,
    ProfileChange,
    normalise_name,
    normalise_phone,
    phone_region,
)


def demands_proof(change: ProfileChange, present: OwnProfile) -> bool:
    """Whether somebody must have proved lately to be there: a phone signs in and is written to, so that
    whoever finds a browser open does not change or remove it (OWASP ASVS 5.0, 7.5.1)."""
    return change.phone_given and change.phone != present.phone


def profile_change(body: ProfileBody, site: Site, present: OwnProfile) -> ProfileChange:
    """The change, normalised; a phone is read as people of the site's country write it.

    Whoever signs in by phone alone keeps that one. Raises `Unprocessable` with every wrong field.
    """
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
            phone = normalise_phone(body.phone, phone_region(site.currency, site.locale))
        except PhoneError as refusal:
            problems.append(FieldProblem("phone", "invalid", str(refusal)))
    locale = body.locale if isinstance(body.locale, str) else None
    if locale is not None and locale not in spoken_locales():
        told = f"Choose among the languages that are spoken here: {', '.join(spoken_locales())}."
        problems.append(FieldProblem("locale", "unknown", told))
    given = body.phone is not msgspec.UNSET
    if given and not problems and not present.email and phone != present.phone:
        detail = "You sign in by this number alone. Add an e-mail to your account first."
        problems.append(FieldProblem("phone", "needed", detail))
    if problems:
        raise Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=problems)
    return ProfileChange(
        name=name,
        phone=phone,
        phone_given=given,
        locale=locale,
        locale_given=body.locale is not msgspec.UNSET,
    )
