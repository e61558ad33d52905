"""Sign-ins with their refresh tokens and page sessions. Of secrets only hashes are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CreatedAt, Key


class SignIn(Base):
    """One sign-in: a browser or a client that a person let in, until it ends or is revoked.

    Its id is what tokens carry as `sid`, and the family of its refresh tokens. `company_id` is the customer's
    company; staff's token sign-ins have none. `agent` and `address` are what the person sees in the list of
    devices. `second_factor_at` says when a second factor was shown, `confirmed_at` when its person last
    proved to be there. `revoked_for` is `signed_out`, `revoked`, `password`, `reuse`, `erased` or `left`.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("kind IN ('tokens', 'pages')", "kind"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_for IS NULL)", "revoked"),
        Index("ix_sign_ins_user_id", "user_id", "created_at"),
        Index("ix_sign_ins_last_seen_at", "last_seen_at"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    company_id: Mapped[UUID | None]
    kind: Mapped[str]
    agent: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    second_factor_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_for: Mapped[str | None]


class EndedSignIn(Base):
    """A sign-in that ended, revoked or deleted; a trigger writes it, and tells every process.

    Kept for as long as a token of it may be about.
    """

    __tablename__ = "ended_sign_ins"
    __table_args__ = (Index("ix_ended_sign_ins_ended_at", "ended_at"),)

    id: Mapped[Key]
    ended_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class RefreshToken(Base):
    """One refresh token. Used once; a second use revokes its whole family."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("ix_refresh_tokens_family", "family"),
        Index("ix_refresh_tokens_user_id", "user_id"),
    )

    id: Mapped[Key]
    family: Mapped[UUID] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    company_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PageSession(Base):
    """A browser that is signed in. The cookie's hash is its key."""

    __tablename__ = "page_sessions"
    __table_args__ = (
        Index("ix_page_sessions_user_id", "user_id"),
        Index("ix_page_sessions_expires_at", "expires_at"),
        Index("ix_page_sessions_sign_in_id", "sign_in_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    company_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
