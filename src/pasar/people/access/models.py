"""Who works for whom, as what."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CreatedAt, Key

BUILT_IN = "'owner', 'admin', 'manager', 'catalogue', 'orders', 'finance', 'support', 'viewer', "
BUILT_IN += "'supplier', 'office', 'partner', 'platform'"


class CustomRole(Base):
    """A role that a company made for itself."""

    __tablename__ = "custom_roles"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    id: Mapped[Key]
    name: Mapped[str]
    permissions: Mapped[list[str]]
    created_at: Mapped[CreatedAt]


class Membership(Base):
    """A person's role in a company: one of ours, or `custom` with the company's own. Never from a body."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(f"role IN ({BUILT_IN}, 'custom')", "role"),
        CheckConstraint("(role = 'custom') = (custom_role_id IS NOT NULL)", "custom_role"),
        ForeignKeyConstraint(
            ["company_id", "custom_role_id"], ["custom_roles.company_id", "custom_roles.id"]
        ),
        Index("ix_memberships_user_id", "user_id"),
        Index("ix_memberships_custom_role", "company_id", "custom_role_id"),
    )

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str]
    custom_role_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
