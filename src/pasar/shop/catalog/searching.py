"""How does each process keep shoppers' search fresh?

Each company's catalogue is loaded into memory when it is first asked for, and followed up by asking for the
products whose revision is greater than the last one seen: at most twice a second, and only when somebody
searches. The row that counts revisions is locked by a writer until it commits, so none is ever passed over.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.shop.catalog.category_tree import CategoryTrees
from pasar.shop.catalog.search.documents import SearchDocument, SearchQuery, SearchResult
from pasar.shop.catalog.search.index import SearchIndex
from pasar.shop.catalog.search_loading import (
    CHUNK,
    document_of,
    documents_of,
    read_revision,
    rows_after_id,
    rows_after_revision,
)

POLL_SECONDS = 0.5
MOST_COMPANIES = 50
MOST_ANSWERS = 500
TURN = 50
"""Documents followed up before other calls get their turn."""


class CompanySearch:
    """The search of one company: its index, and the revision that it stands at."""

    def __init__(self, database: Database, company_id: UUID, trees: CategoryTrees) -> None:
        self._database = database
        self._company_id = company_id
        self._trees = trees
        self._lock = asyncio.Lock()
        self._index: SearchIndex | None = None
        self._seen = 0
        self._asked_at = 0.0
        self._answers: dict[object, SearchResult] = {}

    async def index(self) -> SearchIndex:
        """The index, loaded, and at most half a second behind the last commit."""
        if self._index is None or time.monotonic() - self._asked_at >= POLL_SECONDS:
            async with self._lock:
                if self._index is None:
                    self._index = await self._load()
                elif time.monotonic() - self._asked_at >= POLL_SECONDS:
                    await self._follow_up(self._index)
        return self._index

    async def search(self, query: SearchQuery) -> SearchResult:
        """The answer to `query`; equal queries on an unchanged index are answered from memory."""
        index = await self.index()
        key = _key(query)
        answer = self._answers.get(key)
        if answer is None:
            answer = index.search(query)
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = answer
        return answer

    async def _load(self) -> SearchIndex:
        """Read everything in chunks, and build the index in a thread: other calls go on meanwhile."""
        asked_at = time.monotonic()
        seen = await read_revision(self._database, self._company_id)
        tree = await self._trees.tree(self._database, self._company_id, fresh=True)
        documents: list[SearchDocument] = []
        last = UUID(int=0)
        while rows := await rows_after_id(self._database, self._company_id, last):
            last = rows[-1]["id"]
            documents += await asyncio.to_thread(documents_of, rows, tree)
        index = await asyncio.to_thread(SearchIndex, documents)
        self._seen, self._asked_at = seen, asked_at
        return index

    async def _follow_up(self, index: SearchIndex) -> None:
        asked_at = time.monotonic()
        revision = await read_revision(self._database, self._company_id)
        if revision > self._seen:
            tree = await self._trees.tree(self._database, self._company_id, fresh=True)
            # After a great import the rest follows at the next call, so that nobody waits for all of it.
            rows = await rows_after_revision(self._database, self._company_id, self._seen)
            for number, row in enumerate(rows, 1):
                if row["listed"]:
                    index.upsert(document_of(row, tree))
                else:
                    index.remove(row["id"])
                self._answers.clear()
                if number % TURN == 0:
                    await asyncio.sleep(0)
            self._seen = rows[-1]["revision"] if len(rows) >= CHUNK else revision
        self._asked_at = asked_at


class CompanySearches:
    """The searches of the companies that were asked for last."""

    def __init__(self, trees: CategoryTrees, most: int = MOST_COMPANIES) -> None:
        self._trees = trees
        self._most = most
        self._searches: OrderedDict[UUID, CompanySearch] = OrderedDict()

    def of(self, database: Database, company_id: UUID) -> CompanySearch:
        """The search of a company. Nothing is read yet."""
        search = self._searches.get(company_id)
        if search is None:
            search = self._searches[company_id] = CompanySearch(database, company_id, self._trees)
            while len(self._searches) > self._most:
                self._searches.popitem(last=False)
        self._searches.move_to_end(company_id)
        return search


def _key(query: SearchQuery) -> object:
    return (
        query.text, query.currency, query.category, query.vendors, frozenset(query.options.items()),
        query.price_min, query.price_max, query.in_stock, query.sort, query.limit, query.offset,
    )  # fmt: skip
