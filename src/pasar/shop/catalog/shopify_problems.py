"""Where do the findings about a Shopify file go?"""

from collections.abc import Callable

from pasar.shop.catalog.shopify_product import Problem

OnProblem = Callable[[Problem], None]


class Problems:
    """Reports findings to the caller's function, one at a time; it keeps none."""

    __slots__ = ("_on_problem",)

    def __init__(self, on_problem: OnProblem) -> None:
        self._on_problem = on_problem

    def error(self, line: int, column: str, code: str, message: str) -> None:
        """Report a row that is left out."""
        self._on_problem(Problem(line, column, code, message, "error"))

    def warn(self, line: int, column: str, code: str, message: str) -> None:
        """Report a row that goes in although something about it is doubtful."""
        self._on_problem(Problem(line, column, code, message, "warning"))
