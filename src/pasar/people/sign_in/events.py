"""What happened to accounts. Topic `user-events`; ids only: no address, no number, no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal
from uuid import UUID

from pasar.kernel.events import Fact
from pasar.people.sign_in.proof_kinds import ProofKind

__all__ = [
    "FACTS",
    "CodeRequested",
    "EmailChangeRequested",
    "EmailChanged",
    "FactorChange",
    "PasswordChanged",
    "PasswordResetRequested",
    "ProvingLocked",
    "ProvingStep",
    "RegistrationRepeated",
    "SecondFactorChanged",
    "SignInWayChanged",
    "SignedInElsewhere",
    "VerificationRequested",
    "WayChange",
    "WayIn",
]


class _UserFact(Fact, frozen=True):
    """`requestId` is the request that its letter is written from; `userId` is none for unknown people."""

    topic: ClassVar[str] = "user-events"

    request_id: UUID
    user_id: UUID | None = None

    def key(self) -> str:
        """The request: letters do not wait for one another."""
        return f"proof:{self.request_id}"


class VerificationRequested(_UserFact, frozen=True):
    """Somebody is to show that an e-mail address is theirs."""

    type: ClassVar[str] = "user.verification_requested"


class EmailChangeRequested(_UserFact, frozen=True):
    """Somebody wants another e-mail address for the account."""

    type: ClassVar[str] = "user.email_change_requested"


class PasswordResetRequested(_UserFact, frozen=True):
    """Somebody has forgotten a password, of an account that may not exist."""

    type: ClassVar[str] = "user.password_reset_requested"


class CodeRequested(_UserFact, frozen=True):
    """Somebody wants to sign in by a code to a phone."""

    type: ClassVar[str] = "user.code_requested"


class RegistrationRepeated(_UserFact, frozen=True):
    """Somebody registered with an e-mail that has an account, at a shop that does not say so."""

    type: ClassVar[str] = "user.registration_repeated"


WayIn = Literal["phone", "passkey", "totp", "provider"]


class PasswordChanged(_UserFact, frozen=True):
    """The password of an account is another one, and other sign-ins have ended.

    `removed` are the ways in that went with it, `remaining` those that are still there: the person is told.
    """

    type: ClassVar[str] = "user.password_changed"

    removed: tuple[WayIn, ...] = ()
    remaining: tuple[WayIn, ...] = ()


class EmailChanged(_UserFact, frozen=True):
    """The e-mail of an account is another one; the letter goes to the former."""

    type: ClassVar[str] = "user.email_changed"


FactorChange = Literal[
    "totp_added",
    "totp_removed",
    "passkey_added",
    "passkey_removed",
    "recovery_codes_made",
    "recovery_code_used",
]


class SecondFactorChanged(Fact, frozen=True):
    """A person's second factors changed, or a recovery code was used: the person is told."""

    type: ClassVar[str] = "user.second_factor_changed"
    topic: ClassVar[str] = "user-events"

    user_id: UUID
    change: FactorChange

    def key(self) -> str:
        """The person."""
        return f"user:{self.user_id}"


class SignedInElsewhere(Fact, frozen=True):
    """A person signed in from a device new to the account: if it was somebody else, they should know."""

    type: ClassVar[str] = "user.signed_in_elsewhere"
    topic: ClassVar[str] = "user-events"

    user_id: UUID
    sign_in_id: UUID

    def key(self) -> str:
        """The person."""
        return f"user:{self.user_id}"


WayChange = Literal["connected", "disconnected"]


class SignInWayChanged(Fact, frozen=True):
    """A provider of OpenID Connect signs the person in from now on, or no longer: the person is told."""

    type: ClassVar[str] = "user.sign_in_way_changed"
    topic: ClassVar[str] = "user-events"

    user_id: UUID
    change: WayChange

    def key(self) -> str:
        """The person."""
        return f"user:{self.user_id}"


ProvingStep = Literal["second_factor", "step_up"]


class ProvingLocked(Fact, frozen=True):
    """Somebody who knows the password, or is signed in, failed too often to prove more: the person is told.

    `change` is the step that is locked: the second factor at sign-in, or confirming within a session.
    """

    type: ClassVar[str] = "user.proving_locked"
    topic: ClassVar[str] = "user-events"

    user_id: UUID
    change: ProvingStep

    def key(self) -> str:
        """The person."""
        return f"user:{self.user_id}"


FACTS: Final[Mapping[ProofKind, type[_UserFact]]] = {
    "verify_email": VerificationRequested,
    "change_email": EmailChangeRequested,
    "reset_password": PasswordResetRequested,
    "phone_code": CodeRequested,
    "email_taken": RegistrationRepeated,
    "password_changed": PasswordChanged,
    "email_changed": EmailChanged,
}
