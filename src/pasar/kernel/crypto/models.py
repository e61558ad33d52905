"""The table of keys: each wrapped by a root key that is nowhere in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CreatedAt, Key


class SecretKey(Base):
    """A key of the installation. One per purpose is present: the one that is not retired."""

    __tablename__ = "secret_keys"
    __table_args__ = (
        CheckConstraint("purpose IN ('data', 'signing')", name="purpose"),
        Index("uq_secret_keys_present", "purpose", unique=True, postgresql_where=text("retired_at IS NULL")),
    )

    id: Mapped[Key]
    purpose: Mapped[str]
    root_id: Mapped[str]
    wrapped: Mapped[bytes] = mapped_column()
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None]
