"""What travels about sites."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pasar.kernel.http.schema import Output


class SiteAnswer(Output):
    """The site that answered. `features` are its switches, `locale` what it begins with."""

    company_id: UUID
    site_id: UUID
    name: str
    currency: str
    currencies: list[str]
    locale: str
    locales: list[str]
    features: dict[str, Any]
