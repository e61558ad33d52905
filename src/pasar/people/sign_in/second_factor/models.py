"""Second factors and the challenges that ask for them. They belong to the person, not to a company."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.crypto import register_sealed_column
from pasar.kernel.db.tables import Base, CreatedAt, Key

TOTP_PURPOSE = "totp"


class TotpSecret(Base):
    """What an authenticator app and we both know (RFC 6238), sealed. It counts once a code confirmed it.

    A person has at most one that counts and one that waits, so that changing the phone is possible without
    being without. `last_step` is the newest time step whose code was used.
    """

    __tablename__ = "totp_secrets"
    __table_args__ = (
        Index(
            "uq_totp_secrets_confirmed",
            "user_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_totp_secrets_pending", "user_id", unique=True, postgresql_where=text("confirmed_at IS NULL")
        ),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    secret: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[CreatedAt]
    confirmed_at: Mapped[datetime | None]


register_sealed_column("totp_secrets", ("id",), "secret", purpose=TOTP_PURPOSE, context=("user_id",))


class Passkey(Base):
    """A WebAuthn credential. `rp_id` is the host where it works.

    `regressed_at` says when its counter last ran backwards: somebody may hold a copy.
    """

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_user_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    rp_id: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    transports: Mapped[list[str]]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
    regressed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes for who has lost the phone, good once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[bytes]
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]


class FactorChallenge(Base):
    """Somebody whose password fitted and who owes the second factor. Gives access to nothing.

    It lives ten minutes, and has no foreign key: it is written while another transaction may hold the person.
    """

    __tablename__ = "factor_challenges"
    __table_args__ = (
        Index("ix_factor_challenges_user_id", "user_id"),
        Index("ix_factor_challenges_expires_at", "expires_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    company_id: Mapped[UUID]
    guest_token_hash: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class PasskeyChallenge(Base):
    """What an authenticator was asked to sign, once. `bound_to` is a hash of the session that asked."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (
        CheckConstraint("purpose IN ('register', 'sign_in', 'second_factor', 'step_up')", "purpose"),
        Index("ix_passkey_challenges_expires_at", "expires_at"),
    )

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    rp_id: Mapped[str]
    bound_to: Mapped[bytes]
    expires_at: Mapped[datetime]
