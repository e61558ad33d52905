"""Companies and their sites."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CreatedAt, Key


class Company(Base):
    """A merchant: owner of products, stock, customers and money. `switches` are features of all its sites.

    `admitted_from` are networks (CIDR) that staff must call from, `verify_first` makes registering wait for
    the e-mail's proof, `is_platform` marks the company that runs the installation.
    """

    __tablename__ = "companies"
    __table_args__ = (
        CheckConstraint("low_stock_default >= 0", "low_stock"),
        Index("uq_companies_platform", "is_platform", unique=True, postgresql_where=text("is_platform")),
    )

    id: Mapped[Key]
    handle: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    low_stock_default: Mapped[int] = mapped_column(server_default=text("5"))
    bank_transfer_days: Mapped[int] = mapped_column(server_default=text("3"))
    bank_transfer_note: Mapped[str] = mapped_column(server_default=text("''"))
    unique_skus: Mapped[bool] = mapped_column(server_default=text("false"))
    switches: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    require_second_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    admitted_from: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    verify_first: Mapped[bool] = mapped_column(server_default=text("false"))
    is_platform: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[CreatedAt]


class Site(Base):
    """A shop window of a company. `logo` names an upload; `time_zone` is for display, the company's without.

    `features` holds what the site has decided for itself (`features.py`), `tax_included` by currency.
    `host_since` is when staff gave it its host; none for one that it has had since the company was opened.
    """

    __tablename__ = "sites"
    __table_args__ = (
        Index("uq_sites_host", text("lower(host)"), unique=True),
        Index("uq_sites_default", "company_id", unique=True, postgresql_where=text("is_default")),
        CheckConstraint("currency = ANY (currencies)", "currency_listed"),
        CheckConstraint("locale = ANY (locales)", "locale_listed"),
    )

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    id: Mapped[Key]
    name: Mapped[str]
    host: Mapped[str | None]
    host_since: Mapped[datetime | None]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    currency: Mapped[str]
    currencies: Mapped[list[str]]
    locale: Mapped[str] = mapped_column(server_default=text("'en'"))
    locales: Mapped[list[str]] = mapped_column(server_default=text("'{en,id}'"))
    features: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    tax_included: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    theme: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    logo: Mapped[str | None]
    time_zone: Mapped[str | None]
    created_at: Mapped[CreatedAt]
