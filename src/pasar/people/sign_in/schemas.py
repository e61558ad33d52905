"""What travels at sign-in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output
from pasar.people.sign_in.signing_in import TokenSignIn

# Only a bound on work; what is really asked of each is said by its rule, field by field.
Text = Annotated[str, msgspec.Meta(max_length=1000)]


class RegisterBody(Input):
    """Who registers. `firstName` and `lastName` are taken for `name`; `phone` has its country code."""

    email: Text
    password: Text
    name: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Text | None = None

    def full_name(self) -> str:
        """`name`, or else the two parts together."""
        if self.name is not None:
            return self.name
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class LoginBody(Input):
    """An e-mail and its password."""

    email: Text
    password: Text


class RefreshBody(Input):
    """A refresh token, as sign-in or the last refresh gave it."""

    refresh_token: Text


class ProfileBody(Input):
    """What to change; what is left out stays. An empty or null `phone` removes it."""

    name: Text | msgspec.UnsetType = msgspec.UNSET
    phone: Text | msgspec.UnsetType | None = msgspec.UNSET


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
    """One's own account. `permissions` are those of staff; `*` is everything."""

    id: UUID
    email: str
    name: str
    phone: str | None
    role: str
    company_id: UUID
    customer_id: UUID | None
    permissions: list[str]


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
