"""Which products does this process remember? Never trusted: every use asks which revision holds now.

A product's facts change only with its revision, so a page of remembered products costs one light statement
(revisions and stock, by key) in place of one that joins six tables, and is exactly as fresh.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.ids import parse_id
from pasar.shop.catalog.product_facts import ProductFacts, StockedProduct
from pasar.shop.catalog.queries import read_product, read_products, read_standing

MOST_PRODUCTS = 10_000
"""Products kept: some 5 KB each, the ones used last."""

Place = tuple[UUID, UUID]


class Shelf:
    """Facts of products by company and id, and ids by handle."""

    def __init__(self, most: int = MOST_PRODUCTS) -> None:
        self._most = most
        self._facts: OrderedDict[Place, ProductFacts] = OrderedDict()
        self._handles: dict[tuple[UUID, str], UUID] = {}

    async def products(
        self, database: Database, company_id: UUID, ids: Sequence[UUID]
    ) -> list[StockedProduct]:
        """The active products among `ids`, in that order, as they stand now.

        One statement when all are remembered and unchanged, or none is; else two.
        """
        known = [facts for product_id in ids if (facts := self._facts.get((company_id, product_id)))]
        found: dict[UUID, StockedProduct] = {}
        if known:
            found = await self._confirmed(database, company_id, known)
        missing = [product_id for product_id in ids if product_id not in found]
        if missing:
            for product in await read_products(database, company_id, missing):
                self._remember(company_id, product.facts)
                found[product.facts.id] = product
        return [found[product_id] for product_id in ids if product_id in found]

    async def product(self, database: Database, company_id: UUID, name: str) -> StockedProduct | None:
        """The active product of this id or handle, as it stands now. One statement, two after a change."""
        product_id = parse_id(name) or self._handles.get((company_id, name))
        if product_id is not None:
            found = await self.products(database, company_id, [product_id])
            if found and (parse_id(name) or found[0].facts.handle == name):
                return found[0]
            if parse_id(name):
                return None
        if "\0" in name:  # no handle holds it, and PostgreSQL would refuse the statement
            return None
        product = await read_product(database, company_id, name)
        if product is not None:
            self._remember(company_id, product.facts)
        return product

    async def _confirmed(
        self, database: Database, company_id: UUID, known: list[ProductFacts]
    ) -> dict[UUID, StockedProduct]:
        """Those of `known` whose revision still holds, with their stock."""
        variants = [variant.id for facts in known for variant in facts.variants]
        standing = await read_standing(database, company_id, [facts.id for facts in known], variants)
        confirmed: dict[UUID, StockedProduct] = {}
        for facts in known:
            if standing.get(facts.id, (None,))[0] == facts.revision:
                self._remember(company_id, facts)
                stock = [standing.get(v.id) or (0, v.allow_backorder) for v in facts.variants]
                available = tuple([pieces for pieces, _ in stock])
                confirmed[facts.id] = StockedProduct(facts, available, tuple([bool(b) for _, b in stock]))
            else:
                self._forget(company_id, facts)
        return confirmed

    def _remember(self, company_id: UUID, facts: ProductFacts) -> None:
        self._facts[company_id, facts.id] = facts
        self._facts.move_to_end((company_id, facts.id))
        self._handles[company_id, facts.handle] = facts.id
        while len(self._facts) > self._most:
            (company, product_id), old = self._facts.popitem(last=False)
            if self._handles.get((company, old.handle)) == product_id:
                del self._handles[company, old.handle]

    def _forget(self, company_id: UUID, facts: ProductFacts) -> None:
        if self._facts.pop((company_id, facts.id), None) is not None:
            self._handles.pop((company_id, facts.handle), None)
