"""Who works for whom, as what, who is invited, and which keys programs hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key

BUILT_IN = "'owner', 'admin', 'manager', 'catalogue', 'orders', 'finance', 'support', 'viewer', "
BUILT_IN += "'supplier', 'office', 'partner', 'platform'"


class CustomRole(Base):
    """A role that a company made for itself. It never holds `*` or what is for the platform alone."""

    __tablename__ = "custom_roles"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        CheckConstraint(r"array_to_string(permissions, ' ') !~ '(\*|platform:)'", "permissions"),
    )

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


class Invitation(Base):
    """Somebody is asked to work here. `email` is normalised; `locale` is the language of its mail.

    The token is minted when a mail leaves and stored as its hash; a later mail's replaces it. Without
    `invited_by` it was the platform, or a command, that opened the company.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"role IN ({BUILT_IN}, 'custom')", "role"),
        CheckConstraint("(role = 'custom') = (custom_role_id IS NOT NULL)", "custom_role"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", "accepted"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", "ended_once"),
        ForeignKeyConstraint(
            ["company_id", "custom_role_id"], ["custom_roles.company_id", "custom_roles.id"]
        ),
        Index(
            "uq_invitations_open",
            "company_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
        Index("uq_invitations_token_hash", "token_hash", unique=True),
        Index("ix_invitations_custom_role", "company_id", "custom_role_id"),
    )

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    id: Mapped[Key]
    email: Mapped[str]
    role: Mapped[str]
    custom_role_id: Mapped[UUID | None]
    locale: Mapped[str]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[bytes | None]
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """What a program holds to act for a company. Its secrets lie beside it, so that one can be renewed."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(r"array_to_string(scopes, ' ') !~ '(\*|platform:)'", "scopes"),
        CheckConstraint("cardinality(scopes) > 0", "some_scope"),
    )

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    id: Mapped[Key]
    name: Mapped[str]
    scopes: Mapped[list[str]]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiKeySecret(Base):
    """An API key's secret, as its hash. `prefix` is what is shown of it; `good_until` ends a former one."""

    __tablename__ = "api_key_secrets"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "key_id"], ["api_keys.company_id", "api_keys.id"]),
        Index("uq_api_key_secrets_key_hash", "key_hash", unique=True),
        Index("ix_api_key_secrets_key_id", "company_id", "key_id"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    key_id: Mapped[UUID]
    prefix: Mapped[str]
    key_hash: Mapped[bytes]
    created_at: Mapped[CreatedAt]
    good_until: Mapped[datetime | None]


class ApiKeyUse(Base):
    """When a key was last used and from where. Apart from the key, whose row then changes by people alone."""

    __tablename__ = "api_key_uses"
    __table_args__ = (ForeignKeyConstraint(["company_id", "key_id"], ["api_keys.company_id", "api_keys.id"]),)

    company_id: Mapped[CompanyKey]
    key_id: Mapped[Key]
    used_at: Mapped[datetime]
    address: Mapped[str]
