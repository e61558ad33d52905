"""Imports that were asked for over HTTP, their progress and their reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key


class CatalogImport(Base):
    """One file: `waiting` for the job, `running`, `done`, `undone` (strict, with errors), or `failed`.

    The file itself is forgotten once the import has ended. `problems` are the first thousand findings.
    """

    __tablename__ = "catalog_imports"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'running', 'done', 'undone', 'failed')", "status"),
        CheckConstraint("(status IN ('done', 'undone', 'failed')) = (finished_at IS NOT NULL)", "finished"),
        Index("ix_catalog_imports_company_id_created_at", "company_id", "created_at"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    file_key: Mapped[str]
    file_name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    strict: Mapped[bool]
    update_stock: Mapped[bool]
    rows: Mapped[int] = mapped_column(server_default=text("0"))
    products: Mapped[int] = mapped_column(server_default=text("0"))
    variants: Mapped[int] = mapped_column(server_default=text("0"))
    created: Mapped[int] = mapped_column(server_default=text("0"))
    updated: Mapped[int] = mapped_column(server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    errors: Mapped[int] = mapped_column(server_default=text("0"))
    warnings: Mapped[int] = mapped_column(server_default=text("0"))
    problems: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
