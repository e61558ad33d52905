"""What travels of imports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pasar.kernel.http.schema import Output


class ImportAccepted(Output):
    """An import that a job will run; ask `GET /api/admin/imports/{id}` how it goes."""

    id: UUID
    status: str


class ImportProblem(Output):
    """A finding at a physical line of the file: `error` (the row was left out) or `warning`."""

    line: int
    column: str
    code: str
    message: str
    severity: str


class ImportOut(Output):
    """An import's progress, and at the end its report; `problems` are the first thousand findings."""

    id: UUID
    status: str
    file_name: str
    size_bytes: int
    currency: str
    strict: bool
    update_stock: bool
    rows: int
    products: int
    variants: int
    created: int
    updated: int
    unchanged: int
    errors: int
    warnings: int
    problems: list[ImportProblem]
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ImportList(Output):
    """The latest imports, newest first, without their findings."""

    items: list[ImportOut]
