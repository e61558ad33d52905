"""People, and the customers that they are to companies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key


class User(Base):
    """A person, one per installation. `email` is kept normalised.

    `phone` is E.164. Until `phone_verified_at` it is a means of contact that anybody may have typed, so it is
    unique only among those who have proved to hold theirs. `erased_at` marks whoever asked to be forgotten.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_phone", "phone", unique=True, postgresql_where=text("phone_verified_at IS NOT NULL")),
    )

    id: Mapped[Key]
    email: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    email_verified_at: Mapped[datetime | None]
    phone_verified_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    locale: Mapped[str | None]
    photo: Mapped[str | None]
    created_at: Mapped[CreatedAt]


class Customer(Base):
    """A shopper's record at one company, with or without an account.

    `email` is empty for a person known by phone alone, and for one who was erased.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index(
            "uq_customers_user",
            "company_id",
            "user_id",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "uq_customers_guest", "company_id", "email", unique=True, postgresql_where=text("user_id IS NULL")
        ),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    locale: Mapped[str | None]
    created_at: Mapped[CreatedAt]


class SavedAddress(Base):
    """An address of a customer's book, as its country writes it. Where there are any, one is the default."""

    __tablename__ = "addresses"
    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", "country"),
        ForeignKeyConstraint(["company_id", "customer_id"], ["customers.company_id", "customers.id"]),
        Index("ix_addresses_customer", "company_id", "customer_id", "id"),
        Index(
            "uq_addresses_default",
            "company_id",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    customer_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(server_default=text("''"))
    name: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str] = mapped_column(server_default=text("''"))
    city: Mapped[str] = mapped_column(server_default=text("''"))
    region: Mapped[str] = mapped_column(server_default=text("''"))
    postal_code: Mapped[str] = mapped_column(server_default=text("''"))
    country: Mapped[str]
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[CreatedAt]
