"""Which categories are there, one below the other?"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pasar.kernel.db.database import Database

OLDEST_SECONDS = 1.0
MOST_COMPANIES = 200
DEEPEST = 32
"""A path longer than this would be a circle, which the actions refuse."""

ALL: Final = """
SELECT id, parent_id, handle, title, description, position, is_active
  FROM categories WHERE company_id = $1 ORDER BY position, title, id
"""


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with those below it, in order."""

    id: UUID
    parent_id: UUID | None
    handle: str
    title: str
    description: str
    position: int
    is_active: bool
    children: list[CategoryNode] = field(default_factory=list)


class CategoryTree:
    """All categories of a company. `roots` holds the tree, switched-off branches left out."""

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        self.by_id = {row["id"]: CategoryNode(*row) for row in rows}
        self.by_handle = {node.handle: node for node in self.by_id.values()}
        self.roots: list[CategoryNode] = []
        for node in self.by_id.values():
            parent = self.by_id.get(node.parent_id) if node.parent_id else None
            if node.is_active:
                (self.roots if parent is None else parent.children).append(node)

    def path(self, category_id: UUID | None) -> list[CategoryNode]:
        """The category and all above it, from itself to the root; empty for an unknown one."""
        path: list[CategoryNode] = []
        while category_id is not None and len(path) < DEEPEST:
            node = self.by_id.get(category_id)
            if node is None:
                break
            path.append(node)
            category_id = node.parent_id
        return path

    def path_ids(self, category_id: UUID | None) -> tuple[UUID, ...]:
        """The ids of `path`."""
        return tuple([node.id for node in self.path(category_id)])

    def find(self, name: str) -> CategoryNode | None:
        """The category of this handle or id."""
        node = self.by_handle.get(name)
        if node is not None:
            return node
        return next((node for key, node in self.by_id.items() if str(key) == name), None)


class CategoryTrees:
    """Trees by company, in memory for at most a second."""

    def __init__(self) -> None:
        self._trees: OrderedDict[UUID, tuple[float, CategoryTree]] = OrderedDict()

    async def tree(self, database: Database, company_id: UUID, *, fresh: bool = False) -> CategoryTree:
        """The company's tree, at most a second old; with `fresh` as it stands now."""
        now = time.monotonic()
        known = self._trees.get(company_id)
        if known and not fresh and now - known[0] < OLDEST_SECONDS:
            return known[1]
        tree = CategoryTree(await database.rows(ALL, company_id))
        self._trees[company_id] = (now, tree)
        self._trees.move_to_end(company_id)
        while len(self._trees) > MOST_COMPANIES:
            self._trees.popitem(last=False)
        return tree
