"""A company's tax rates."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key


class TaxRateRow(Base):
    """A rate for a country, or a region or postcode pattern in it. None configured means none charged.

    Rates of different `priority` are charged side by side; a `compound` one on top of those before it.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        Index("ix_tax_rates_company_id_country", "company_id", "country"),
        CheckConstraint("rate_ppm BETWEEN 0 AND 1000000", "rate"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    name: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]
    postcode: Mapped[str | None]
    rate_ppm: Mapped[int]
    priority: Mapped[int] = mapped_column(server_default=text("1"))
    compound: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[CreatedAt]
