"""What does a process remember of the catalogues behind one database?"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from pasar.kernel.db.database import Database
from pasar.shop.catalog.category_tree import CategoryTrees
from pasar.shop.catalog.searching import CompanySearches
from pasar.shop.catalog.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Memory:
    """Copies for reading; each knows how fresh it is."""

    shelf: Shelf
    trees: CategoryTrees
    searches: CompanySearches


# By database, since a test opens several in one process; forgotten with it.
_memories: WeakKeyDictionary[Database, Memory] = WeakKeyDictionary()


def memory_of(database: Database) -> Memory:
    """The process's memory of this database."""
    memory = _memories.get(database)
    if memory is None:
        trees = CategoryTrees()
        memory = _memories[database] = Memory(Shelf(), trees, CompanySearches(trees))
    return memory
