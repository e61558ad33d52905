"""What travels at sign-in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.errors import BadRequest
from pasar.kernel.http.schema import Input, Output
from pasar.people.sign_in.signing_in import TokenSignIn

# Only a bound on work; what is really asked of each is said by its rule, field by field.
Text = Annotated[str, msgspec.Meta(max_length=1000)]


class RegisterBody(Input):
    """Who registers. `firstName` and `lastName` are taken for `name`; `phone` has its country code, or is
    written as in the shop's country."""

    email: Text
    password: Text
    name: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Text | None = None

    def full_name(self) -> str:
        """`name`, or else the two parts together."""
        return full_name(self.name, self.first_name, self.last_name)


class LoginBody(Input):
    """An e-mail or a verified phone, one of them, and the password."""

    password: Text
    email: Text | None = None
    phone: Text | None = None

    def login(self) -> str:
        """What names the account. Raises `BadRequest` for none or both."""
        if (self.email is None) == (self.phone is None):
            raise BadRequest("login_malformed", "Send either email or phone, and the password.")
        return self.email or self.phone or ""


class EmailBody(Input):
    """An e-mail address."""

    email: Text


class TokenBody(Input):
    """The token of a link in a mail."""

    token: Text


class NewPasswordBody(Input):
    """The token of a link in a mail, and the password to have from now on."""

    token: Text
    new_password: Text


class ChangePasswordBody(Input):
    """The present password, and the one to have from now on."""

    current_password: Text
    new_password: Text


class PhoneBody(Input):
    """A phone, with its country code or written as in the shop's country."""

    phone: Text


class CodeBody(Input):
    """A phone and the code that was sent to it. A name is taken where the code opens an account."""

    phone: Text
    otp: Text
    name: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None

    def full_name(self) -> str:
        """`name`, or else the two parts together; empty for none."""
        return full_name(self.name, self.first_name, self.last_name)


class Told(Output):
    """What happens next, for people."""

    message: str


class RefreshBody(Input):
    """A refresh token, as sign-in or the last refresh gave it."""

    refresh_token: Text


class ProfileBody(Input):
    """What to change; what is left out stays. An empty or null `phone` removes it; `locale` null follows the
    browser again."""

    name: Text | msgspec.UnsetType = msgspec.UNSET
    phone: Text | msgspec.UnsetType | None = msgspec.UNSET
    locale: Annotated[str, msgspec.Meta(max_length=10)] | msgspec.UnsetType | None = msgspec.UNSET


class UserAnswer(Output, omit_defaults=True):
    """Who is signed in. `role` is `customer`, `owner` or `manager`; `customerId` is there for shoppers."""

    id: UUID
    email: str
    name: str
    role: str
    company_id: UUID
    customer_id: UUID | None = None


class TokenAnswer(Output):
    """Tokens and their owner. `token` repeats `accessToken` for older clients; `expiresIn` is in seconds."""

    access_token: str
    refresh_token: str
    token: str
    token_type: str
    expires_in: int
    user: UserAnswer


class ProfileAnswer(Output):
    """One's own account. `permissions` are those of staff; `*` is everything. `locale` is the language that
    one has settled on, null for the browser's; `photo` a path."""

    id: UUID
    email: str
    name: str
    phone: str | None
    email_verified: bool
    phone_verified: bool
    locale: str | None
    photo: str | None
    role: str
    company_id: UUID
    customer_id: UUID | None
    permissions: list[str]


def full_name(name: str | None, first: str | None, last: str | None) -> str:
    """`name`, or else the two parts together."""
    return name if name is not None else " ".join(part for part in (first, last) if part)


def token_answer(signed_in: TokenSignIn) -> TokenAnswer:
    """Write a sign-in for the wire."""
    person, tokens = signed_in.person, signed_in.tokens
    return TokenAnswer(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token=tokens.access_token,
        token_type="Bearer",  # noqa: S106  the scheme's name, not a secret
        expires_in=tokens.expires_in,
        user=UserAnswer(
            id=person.user_id,
            email=person.email,
            name=person.name,
            role=person.role,
            company_id=person.company_id,
            customer_id=person.customer_id,
        ),
    )
