"""Identities at providers, and sign-ins that are under way there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CreatedAt, Key


class Identity(Base):
    """Whom a provider calls `subject` is this user. The e-mail there may change, the subject never does."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index("ix_identities_user_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[CreatedAt]


class OpenIdAttempt(Base):
    """A browser that was sent to a provider and may come back once.

    `user_id` is there for who connects an identity to an account. Nonce and PKCE's verifier are derived from
    the state, which only the browser has.
    """

    __tablename__ = "openid_attempts"
    __table_args__ = (Index("ix_openid_attempts_expires_at", "expires_at"),)

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    browser_hash: Mapped[bytes]
    provider: Mapped[str]
    back: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
