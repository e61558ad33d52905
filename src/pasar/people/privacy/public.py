"""The front door of privacy: registering personal data, persons' keys, and whether somebody consents."""

from pasar.people.privacy.consents import has_consented
from pasar.people.privacy.person_keys import PersonKeys, open_for_person, seal_for_person
from pasar.people.privacy.personal_data import (
    PersonalData,
    Subject,
    Told,
    facts,
    knows_guest,
    register_finder,
    register_personal_data,
)

__all__ = [
    "PersonKeys",
    "PersonalData",
    "Subject",
    "Told",
    "facts",
    "has_consented",
    "knows_guest",
    "open_for_person",
    "register_finder",
    "register_personal_data",
    "seal_for_person",
]
