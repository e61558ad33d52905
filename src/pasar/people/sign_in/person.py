"""Who is somebody who has just signed in?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pasar.people.sign_in.access_tokens import TokenKind


@dataclass(frozen=True, slots=True)
class Device:
    """With what and from where somebody signs in: what the list of one's sign-ins shows.

    `second_factor` says that a code or a passkey was shown as well.
    """

    agent: str = ""
    address: str = ""
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The account of somebody who has proved to be its person. `email` is empty when it has none."""

    user_id: UUID
    name: str
    email: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at a company. `role` is `customer`, or the staff role; staff may be customers, too.

    `company_id` is the company whose shop it is; for staff, the one they act for.
    """

    user_id: UUID
    company_id: UUID
    kind: TokenKind
    role: str
    name: str
    email: str
    customer_id: UUID | None
