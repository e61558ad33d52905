"""Which products of one company answer a shopper's query?"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from uuid import UUID

from pasar.shop.catalog.search.bitmaps import bits_of
from pasar.shop.catalog.search.documents import (
    Facets,
    PriceRange,
    SearchDocument,
    SearchQuery,
    SearchResult,
    Suggestion,
)
from pasar.shop.catalog.search.facets import FacetCounter, FacetIndex
from pasar.shop.catalog.search.folding import fold, sku_whole, words, words_of_all
from pasar.shop.catalog.search.matching import match
from pasar.shop.catalog.search.prices import CurrencyPrices
from pasar.shop.catalog.search.ranking import Order, SortKey, page
from pasar.shop.catalog.search.suggesting import suggestions
from pasar.shop.catalog.search.vocabulary import DocumentWords, Field, Vocabulary

_NO_WORDS: DocumentWords = tuple(frozenset() for _ in Field)

# ISO 4217 has fewer; beyond that a caller is making names up, and nothing is kept for those.
_MOST_CURRENCIES = 200

# The filters of a query by name; an option's filter is named "option:" and the option's name.
Filters = Mapping[str, int]


@dataclass(slots=True)
class _Entry:
    """A document as the index keeps it: without its body, whose words are known."""

    document: SearchDocument
    words: DocumentWords


class SearchIndex:
    """The products of one company, in memory.

    It is a copy for reading that is built from the database and followed up by `upsert` and `remove`; it
    belongs to one thread (the event loop's). Documents get small ordinals, which are used again.
    """

    def __init__(self, documents: Iterable[SearchDocument] = ()) -> None:
        self._entries: dict[int, _Entry] = {}
        self._ordinals: dict[UUID, int] = {}
        self._free: list[int] = []
        self._everything = 0
        self._vocabulary = Vocabulary()
        self._facets = FacetIndex(self._document)
        self._newest = Order(self._newest_key)
        self._by_title = Order(self._title_key)
        self._prices: dict[str, CurrencyPrices] = {}
        self._load(documents)

    def __len__(self) -> int:
        return len(self._entries)

    def revision(self, product_id: UUID) -> int | None:
        """Return the revision of the product that is known here, None for an unknown product."""
        ordinal = self._ordinals.get(product_id)
        return None if ordinal is None else self._entries[ordinal].document.revision

    def upsert(self, document: SearchDocument) -> bool:
        """Add or replace a product; False, without effect, where a newer revision is known."""
        ordinal = self._ordinals.get(document.product_id)
        before = None if ordinal is None else self._entries[ordinal]
        if before is not None and before.document.revision > document.revision:
            return False
        if ordinal is None:
            ordinal = self._free.pop() if self._free else len(self._entries)
            self._ordinals[document.product_id] = ordinal
            self._everything |= 1 << ordinal
        entry = _Entry(replace(document, body_text=""), words_of(document))
        self._entries[ordinal] = entry
        self._vocabulary.change(before.words if before else _NO_WORDS, entry.words, ordinal)
        self._facets.change(before.document if before else None, document, ordinal)
        self._reorder(ordinal)
        return True

    def remove(self, product_id: UUID) -> bool:
        """Forget a product; False where it is not known."""
        ordinal = self._ordinals.pop(product_id, None)
        if ordinal is None:
            return False
        entry = self._entries[ordinal]
        self._vocabulary.change(entry.words, _NO_WORDS, ordinal)
        self._facets.change(entry.document, None, ordinal)
        self._reorder(ordinal, removed=True)
        del self._entries[ordinal]
        self._everything &= ~(1 << ordinal)
        self._free.append(ordinal)
        return True

    def search(self, query: SearchQuery) -> SearchResult:
        """Return the page of products that answer the query, with the facets of all that do."""
        matches = match(query.text, self._vocabulary, self._everything)
        filters = self._filters(query)
        found = reduce(and_, filters.values(), matches.documents)
        order = self._order(query)
        relevant = query.sort == "relevance"
        groups = matches.scores.groups(found) if relevant else iter((found,) if found else ())
        picked = page(groups, order, offset=max(query.offset, 0), limit=max(query.limit, 0))
        return SearchResult(
            tuple([self._entries[ordinal].document.product_id for ordinal in picked]),
            found.bit_count(),
            self._count(matches.documents, filters, found, query.currency),
            matches.corrected,
        )

    def suggest(self, prefix: str, limit: int = 5) -> list[Suggestion]:
        """Return words to search for and products, all with a word that begins with what was typed last."""
        self._newest.build(self._entries)
        return suggestions(prefix, limit, self._vocabulary, self._newest, self._document)

    def _document(self, ordinal: int) -> SearchDocument:
        return self._entries[ordinal].document

    def _load(self, documents: Iterable[SearchDocument]) -> None:
        latest: dict[UUID, SearchDocument] = {}
        for document in documents:
            known = latest.get(document.product_id)
            if known is None or known.revision <= document.revision:
                latest[document.product_id] = document
        for ordinal, document in enumerate(latest.values()):
            found = words_of(document)
            self._entries[ordinal] = _Entry(replace(document, body_text=""), found)
            self._ordinals[document.product_id] = ordinal
            self._vocabulary.load(found, ordinal)
            self._facets.load(document, ordinal)
        self._vocabulary.seal()
        self._facets.seal()
        self._everything = (1 << len(self._entries)) - 1
        self._facets.in_stock = bits_of(
            [ordinal for ordinal, entry in self._entries.items() if entry.document.in_stock]
        )

    def _reorder(self, ordinal: int, *, removed: bool = False) -> None:
        self._newest.change(ordinal, removed=removed)
        self._by_title.change(ordinal, removed=removed)
        for prices in self._prices.values():
            prices.change(ordinal, removed=removed)

    def _newest_key(self, ordinal: int) -> SortKey:
        document = self._document(ordinal)
        return -document.created_at, document.product_id.int

    def _title_key(self, ordinal: int) -> SortKey:
        document = self._document(ordinal)
        return fold(document.title), document.product_id.int

    def _order(self, query: SearchQuery) -> Order:
        order = self._newest
        if query.sort == "title":
            order = self._by_title
        elif query.sort == "price_asc" and query.currency:
            order = self._currency(query.currency).rising
        elif query.sort == "price_desc" and query.currency:
            order = self._currency(query.currency).falling
        order.build(self._entries)
        return order

    def _currency(self, currency: str) -> CurrencyPrices:
        prices = self._prices.get(currency)
        if prices is None:

            def lowest(ordinal: int) -> int | None:
                price = self._document(ordinal).prices.get(currency)
                return None if price is None else price[0]

            prices = CurrencyPrices(lowest, self._newest_key)
            prices.rising.build(self._entries)
            if len(self._prices) < _MOST_CURRENCIES:
                self._prices[currency] = prices
        return prices

    def _filters(self, query: SearchQuery) -> dict[str, int]:
        facets = self._facets
        filters: dict[str, int] = {}
        if query.category is not None:
            filters["category"] = facets.categories.bits(query.category.hex)
        if query.vendors:
            filters["vendor"] = reduce(or_, map(facets.vendors.bits, query.vendors))
        for name, values in query.options.items():
            if values:
                known = facets.options.get(name)
                filters[f"option:{name}"] = reduce(or_, map(known.bits, values)) if known else 0
        if query.price_min is not None or query.price_max is not None:
            filters["price"] = (
                self._currency(query.currency).between(query.price_min, query.price_max)
                if query.currency
                else 0
            )
        if query.in_stock is not None:
            filters["stock"] = facets.in_stock if query.in_stock else self._everything & ~facets.in_stock
        return filters

    def _count(self, matched: int, filters: Filters, found: int, currency: str | None) -> Facets:
        def without(own: str) -> int:
            if own not in filters:
                return found
            return reduce(and_, (bits for name, bits in filters.items() if name != own), matched)

        counter = FacetCounter(self._facets, self._document, self._everything)
        by_stock = without("stock")
        in_stock = (by_stock & self._facets.in_stock).bit_count()
        by_price = without("price")
        ranges = self._currency(currency).ranges() if currency else []
        options = {
            name: counts
            for name in self._facets.top_options()
            if (counts := counter.option(name, without(f"option:{name}")))
        }
        return Facets(
            categories=counter.categories(without("category")),
            vendors=counter.vendors(without("vendor")),
            options=options,
            price_ranges=tuple(
                PriceRange(least, most, (bits & by_price).bit_count()) for least, most, bits in ranges
            ),
            in_stock=in_stock,
            out_of_stock=by_stock.bit_count() - in_stock,
        )


def words_of(document: SearchDocument) -> DocumentWords:
    """Return the words of a document by field; each distinct word is kept once in the process."""
    labels = [*document.tags, *(value for values in document.options.values() for value in values)]
    fields = {
        Field.TITLE: words(document.title),
        Field.VENDOR: words(document.vendor),
        Field.LABEL: words_of_all(labels),
        Field.BODY: words(document.body_text),
        Field.SKU: [whole for sku in document.skus if (whole := sku_whole(sku))],
        Field.SKU_PART: words_of_all(document.skus),
    }
    return tuple(frozenset(map(sys.intern, fields[field])) for field in Field)
