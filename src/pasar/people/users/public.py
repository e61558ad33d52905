"""The front door of users: people, customers, and the rules for what they say of themselves."""

from pasar.people.users.actions.add_address import remember_address
from pasar.people.users.actions.add_user import add_user
from pasar.people.users.actions.add_user_unless_known import FoundUser, add_user_unless_known
from pasar.people.users.actions.change_profile import ProfileChange, change_profile
from pasar.people.users.actions.customer_for import customer_for
from pasar.people.users.actions.prove_email import change_email, verify_email
from pasar.people.users.actions.prove_phone import (
    PhoneAccount,
    account_of_phone,
    unprove_phone,
    verify_phone,
)
from pasar.people.users.actions.renew_password_hash import renew_password_hash
from pasar.people.users.actions.set_password import set_password
from pasar.people.users.address_book import KeptAddress, addresses_of, default_address
from pasar.people.users.address_form import (
    AddressShape,
    address_sentence,
    address_shape,
    country_choices,
)
from pasar.people.users.addresses import Address, FieldError, known_country, normalise_address
from pasar.people.users.authors import author_words
from pasar.people.users.emails import EmailError, normalise_email
from pasar.people.users.names import PersonNameError, normalise_name
from pasar.people.users.phones import PhoneError, normalise_phone, phone_region
from pasar.people.users.queries import (
    Credentials,
    CustomerFacts,
    OwnProfile,
    count_customers,
    credentials_by_id,
    credentials_by_phone,
    credentials_of,
    customer_by_id,
    customers_by_id,
    customers_page,
    name_and_phone_of,
    own_profile,
)

__all__ = [
    "Address",
    "AddressShape",
    "Credentials",
    "CustomerFacts",
    "EmailError",
    "FieldError",
    "FoundUser",
    "KeptAddress",
    "OwnProfile",
    "PersonNameError",
    "PhoneAccount",
    "PhoneError",
    "ProfileChange",
    "account_of_phone",
    "add_user",
    "add_user_unless_known",
    "address_sentence",
    "address_shape",
    "addresses_of",
    "author_words",
    "change_email",
    "change_profile",
    "count_customers",
    "country_choices",
    "credentials_by_id",
    "credentials_by_phone",
    "credentials_of",
    "customer_by_id",
    "customer_for",
    "customers_by_id",
    "customers_page",
    "default_address",
    "known_country",
    "name_and_phone_of",
    "normalise_address",
    "normalise_email",
    "normalise_name",
    "normalise_phone",
    "own_profile",
    "phone_region",
    "remember_address",
    "renew_password_hash",
    "set_password",
    "unprove_phone",
    "verify_email",
    "verify_phone",
]
