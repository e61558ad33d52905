"""Stock as it travels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from pasar.kernel.http.schema import Input, Output
from pasar.shop.inventory.stock_status import StockStatus

Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]
Priority = Annotated[int, Meta(ge=-10_000, le=10_000)]
Pieces = Annotated[int, Meta(ge=0, le=100_000_000)]
Change = Annotated[int, Meta(ge=-100_000_000, le=100_000_000)]
Reason = Literal[
    "received",
    "counted",
    "damaged",
    "lost",
    "returned",
    "correction",
    "transfer_in",
    "transfer_out",
    "sample",
    "theft",
    "other",
]


class StockLevelAnswer(Output):
    """A variant at one location, in pieces."""

    location_id: UUID
    location_name: str
    on_hand: int
    reserved: int
    available: int


class StockAnswer(Output):
    """A variant's stock. `reorderLevel` null means the company's default, `lowStockAt` is what counts."""

    variant_id: UUID
    product_id: UUID | None
    sku: str | None
    title: str
    variant_title: str
    on_hand: int
    reserved: int
    available: int
    allow_backorder: bool
    reorder_level: int | None
    low_stock_at: int
    status: StockStatus
    levels: list[StockLevelAnswer]


class AdjustmentInput(Input):
    """A change of stock on hand: exactly one of `setTo` (the new count) and `delta` (the change)."""

    variant_id: UUID
    reason: Reason
    location_id: UUID | None = None
    set_to: Pieces | None = None
    delta: Change | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


class AdjustmentAnswer(Output):
    """One line of a variant's history. `onHand` is the location's afterwards."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    delta: int
    on_hand: int
    reason: str
    note: str
    author: str
    created_at: datetime


class AdjustedAnswer(AdjustmentAnswer):
    """The change that was made, and what is available over all locations now."""

    available: int


class StockRulesInput(Input):
    """How a variant is sold. What is left out stays; a null reorder level means the company's default."""

    reorder_level: Pieces | UnsetType | None = UNSET
    allow_backorder: bool | UnsetType = UNSET


class LocationInput(Input):
    """A new location. The lower the priority, the earlier it is drawn from."""

    name: Name
    priority: Priority = 0


class LocationChange(Input):
    """What is left out stays."""

    name: Name | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class LocationAnswer(Output):
    """A place that holds stock."""

    id: UUID
    name: str
    priority: int
    is_active: bool
