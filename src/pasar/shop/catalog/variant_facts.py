"""What do other modules want to know of a variant?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

SELECT = """
SELECT v.id, v.product_id, p.handle, p.title AS product_title, p.status, v.title, v.sku, v.barcode,
       p.option_names, v.option_values, v.weight_grams, v.taxable, v.requires_shipping, v.allow_backorder,
       v.is_active
  FROM variants v
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
"""
BY_ID = SELECT + " WHERE v.company_id = $1 AND v.id = ANY($2::uuid[])"
BY_SKU = SELECT + " WHERE v.company_id = $1 AND v.sku = $2 ORDER BY p.title, v.position, v.id"


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """A variant beside the product that it belongs to. `is_sold`: both are active.

    `title` is the variant's own ("Blue / M"), empty where a product has no options.
    """

    id: UUID
    product_id: UUID
    handle: str
    product_title: str
    title: str
    sku: str | None
    barcode: str | None
    weight_grams: int
    taxable: bool
    requires_shipping: bool
    allow_backorder: bool
    is_sold: bool
    options: Mapping[str, str] = field(default_factory=dict)


async def variants_by_id(
    session: AsyncSession, company_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, VariantFacts]:
    """The company's variants of these ids; unknown ones are left out, inactive ones are not."""
    rows = await fetch(session, BY_ID, (company_id, list(ids)))
    return {row.id: _facts(row) for row in rows}


async def variants_by_sku(session: AsyncSession, company_id: UUID, sku: str) -> list[VariantFacts]:
    """All variants with exactly this SKU: merchants repeat them, so it is a list."""
    return [_facts(row) for row in await fetch(session, BY_SKU, (company_id, sku))]


def _facts(row: Any) -> VariantFacts:
    return VariantFacts(
        id=row.id,
        product_id=row.product_id,
        handle=row.handle,
        product_title=row.product_title,
        title=row.title,
        sku=row.sku,
        barcode=row.barcode,
        weight_grams=row.weight_grams,
        taxable=row.taxable,
        requires_shipping=row.requires_shipping,
        allow_backorder=row.allow_backorder,
        is_sold=row.is_active and row.status == "active",
        options=dict(zip(row.option_names, row.option_values, strict=False)),
    )
