"""Requests for a proof, and letters about an account that need none. Of secrets only hashes are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, Key


class Proof(Base):
    """One request. `recipient` is the address or number (E.164) that it goes to, empty when nobody is told.

    `user_id` is the account that it is about, none for somebody whom we do not know. `secret_hash` is there
    once its link or code was made; `tries` counts wrong and right codes. Kinds stand in `kinds.py`.
    """

    __tablename__ = "proofs"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('verify_email', 'change_email', 'reset_password', 'phone_code', 'email_taken', "
            "'password_changed', 'email_changed')",
            "kind",
        ),
        CheckConstraint("tries >= 0", "tries"),
        CheckConstraint("expires_at > created_at", "expires"),
        Index("uq_proofs_secret_hash", "secret_hash", unique=True),
        Index(
            "ix_proofs_phone_code",
            "recipient",
            "company_id",
            "created_at",
            postgresql_where=text("kind = 'phone_code'"),
        ),
        Index("ix_proofs_user_id", "user_id", "kind"),
        Index("ix_proofs_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    company_id: Mapped[UUID]
    site_id: Mapped[UUID]
    kind: Mapped[str]
    recipient: Mapped[str]
    locale: Mapped[str]
    secret_hash: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
