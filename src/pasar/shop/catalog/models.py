"""Products, their variants, prices, categories and pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key, Minor


class CatalogRevision(Base):
    """Counts a company's catalogue writes. Taken last in a writer's transaction: its row lock makes
    revisions follow the order of commits, so that readers may ask for all after the last one seen."""

    __tablename__ = "catalog_revisions"

    company_id: Mapped[CompanyKey]
    revision: Mapped[int] = mapped_column(BigInteger)


class Category(Base):
    """A node of the category tree."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("company_id", "handle"),
        ForeignKeyConstraint(["company_id", "parent_id"], ["categories.company_id", "categories.id"]),
        Index("ix_categories_company_id_parent_id", "company_id", "parent_id"),
        CheckConstraint("parent_id <> id", "own_parent"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    parent_id: Mapped[UUID | None]
    handle: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default=text("''"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[CreatedAt]


class Product(Base):
    """Something for sale. `in_stock` is inventory's projection, written through our door.

    `search` is the folded text for staff's search; `revision` is where shoppers' index stands.
    """

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("company_id", "handle"),
        ForeignKeyConstraint(["company_id", "category_id"], ["categories.company_id", "categories.id"]),
        CheckConstraint("status IN ('draft', 'active', 'archived')", "status"),
        CheckConstraint("cardinality(option_names) <= 3", "options"),
        Index("ix_products_search", "search", postgresql_using="gin"),
        Index("ix_products_company_id_status_created_at", "company_id", "status", "created_at"),
        Index("ix_products_company_id_category_id", "company_id", "category_id"),
        Index("ix_products_company_id_revision", "company_id", "revision"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    handle: Mapped[str]
    title: Mapped[str]
    description_html: Mapped[str] = mapped_column(server_default=text("''"))
    vendor: Mapped[str] = mapped_column(server_default=text("''"))
    category_id: Mapped[UUID | None]
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    option_names: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    seo_title: Mapped[str] = mapped_column(server_default=text("''"))
    seo_description: Mapped[str] = mapped_column(server_default=text("''"))
    in_stock: Mapped[bool] = mapped_column(server_default=text("false"))
    search: Mapped[Any] = mapped_column(TSVECTOR, server_default=text("''"))
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    extra: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Variant(Base):
    """One sellable form of a product. `option_values` run parallel to the product's `option_names`.

    `in_stock` is inventory's projection, written through our door: the product's is true when one active
    variant's is.
    """

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("company_id", "product_id", "option_values"),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["products.company_id", "products.id"], ondelete="CASCADE"
        ),
        Index("ix_variants_company_id_sku", "company_id", "sku"),
        Index("ix_variants_company_id_product_id_position", "company_id", "product_id", "position"),
        CheckConstraint("weight_grams >= 0", "weight"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    product_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    title: Mapped[str] = mapped_column(server_default=text("''"))
    option_values: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    sku: Mapped[str | None]
    barcode: Mapped[str | None]
    weight_grams: Mapped[int] = mapped_column(server_default=text("0"))
    taxable: Mapped[bool] = mapped_column(server_default=text("true"))
    requires_shipping: Mapped[bool] = mapped_column(server_default=text("true"))
    allow_backorder: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    in_stock: Mapped[bool] = mapped_column(server_default=text("false"))
    media_id: Mapped[UUID | None]
    extra: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[CreatedAt]


class Price(Base):
    """What a variant costs in a currency, from a quantity, in a price list (null: everybody's), for a time.

    No price in a currency means: not sold there. Of several that hold now, the one that began last counts.
    """

    __tablename__ = "prices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "variant_id"], ["variants.company_id", "variants.id"], ondelete="CASCADE"
        ),
        UniqueConstraint(
            "company_id",
            "variant_id",
            "currency",
            "price_list",
            "min_quantity",
            "starts_at",
            postgresql_nulls_not_distinct=True,
            name="uq_prices_place",
        ),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("compare_at >= 0", "compare_at"),
        CheckConstraint("min_quantity >= 1", "min_quantity"),
        CheckConstraint("ends_at > starts_at", "period"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", "currency"),
        Index("ix_prices_company_id_currency_amount", "company_id", "currency", "amount"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    variant_id: Mapped[UUID]
    currency: Mapped[str]
    price_list: Mapped[str | None]
    min_quantity: Mapped[int] = mapped_column(server_default=text("1"))
    amount: Mapped[Minor]
    compare_at: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class PriceChange(Base):
    """Every change of a price, with time and author. Never updated."""

    __tablename__ = "price_changes"
    __table_args__ = (
        Index("ix_price_changes_variant", "company_id", "variant_id", "currency", "changed_at"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    variant_id: Mapped[UUID]
    currency: Mapped[str]
    old_amount: Mapped[int | None] = mapped_column(BigInteger)
    new_amount: Mapped[int | None] = mapped_column(BigInteger)
    old_compare_at: Mapped[int | None] = mapped_column(BigInteger)
    new_compare_at: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[CreatedAt]
    changed_by: Mapped[str]


class Picture(Base):
    """A picture as uploaded or fetched, stored once by the hash of its content."""

    __tablename__ = "pictures"
    __table_args__ = (
        UniqueConstraint("company_id", "content_hash"),
        CheckConstraint("width > 0 AND height > 0", "size"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    content_hash: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    mean_colour: Mapped[str]
    widths: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    created_at: Mapped[CreatedAt]


class ProductMedia(Base):
    """A picture's place at a product. `waiting` until a job has fetched `source_url`."""

    __tablename__ = "product_media"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["products.company_id", "products.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["company_id", "picture_id"], ["pictures.company_id", "pictures.id"]),
        Index("ix_product_media_company_id_product_id_position", "company_id", "product_id", "position"),
        Index("ix_product_media_waiting", "company_id", "id", postgresql_where=text("status = 'waiting'")),
        CheckConstraint("status IN ('ready', 'waiting', 'failed')", "status"),
        CheckConstraint("(status = 'ready') = (picture_id IS NOT NULL)", "ready"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    product_id: Mapped[UUID]
    picture_id: Mapped[UUID | None]
    source_url: Mapped[str | None]
    alt: Mapped[str] = mapped_column(server_default=text("''"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    problem: Mapped[str | None]
