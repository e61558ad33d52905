"""What happened to the catalogue. Topic `product-events`."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact

TOPIC = "product-events"


class _ProductFact(Fact, frozen=True):
    topic: ClassVar[str] = TOPIC

    product_id: UUID

    def key(self) -> str:
        """The product."""
        return f"product:{self.product_id}"


class ProductCreated(_ProductFact, frozen=True):
    """Staff made a product."""

    type: ClassVar[str] = "product.created"


class ProductUpdated(_ProductFact, frozen=True):
    """A product, its variants, prices or pictures changed."""

    type: ClassVar[str] = "product.updated"


class ProductArchived(_ProductFact, frozen=True):
    """A product was taken out of the shop for good."""

    type: ClassVar[str] = "product.archived"


class ProductsUpserted(Fact, frozen=True):
    """An import wrote products: hundreds in one fact, since a fact each would cost more than the rows.

    Who listens to `product.created` and `product.updated` listens to this one too.
    """

    type: ClassVar[str] = "product.upserted"
    topic: ClassVar[str] = TOPIC

    batch_id: UUID
    created: tuple[UUID, ...]
    updated: tuple[UUID, ...]

    def key(self) -> str:
        """The batch: batches of one import are independent of each other."""
        return f"product-batch:{self.batch_id}"
