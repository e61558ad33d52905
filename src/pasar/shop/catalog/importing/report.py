"""What does an import say about itself, while it runs and at the end?"""

from __future__ import annotations

from dataclasses import dataclass, field

from pasar.shop.catalog.shopify_product import Problem

MOST_PROBLEMS = 1_000


@dataclass(slots=True)
class ImportReport:
    """Counts of an import, and its first thousand findings.

    `rows` are rows of the file that said something we took: one for each variant or further picture.
    `products` and `variants` are those that the file holds; `created`, `updated` and `unchanged` are what
    became of products (one that comes back further down counts again where that changes it). `errors` and
    `warnings` count all findings, also those beyond the thousand in `problems`, whose `line` is the physical
    line of the file. With `undone`, a strict import met errors and wrote nothing.
    """

    rows: int = 0
    products: int = 0
    variants: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    warnings: int = 0
    problems: list[Problem] = field(default_factory=list)
    undone: bool = False

    def note(self, problem: Problem) -> None:
        """Count a finding, and keep it while there is room."""
        if problem.severity == "error":
            self.errors += 1
        else:
            self.warnings += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def undo(self) -> None:
        """Nothing was written after all."""
        self.undone = True
        self.created = self.updated = self.unchanged = 0
