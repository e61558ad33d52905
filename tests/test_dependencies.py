"""What the package imports is named as its own dependency, not found by chance through another's."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"[A-Za-z0-9._-]+")


def imported(source: str) -> Iterator[str]:
    """The top names that a file imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def named() -> set[str]:
    """The distributions that pyproject.toml asks for, as PyPI compares them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {plain(found[0]) for one in project["dependencies"] if (found := NAME.match(one))}


def plain(name: str) -> str:
    """A name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_each_import_is_a_dependency_of_its_own() -> None:
    known, ours = packages_distributions(), named()
    used = {
        name: path.name
        for path in sorted((ROOT / "src").rglob("*.py"))
        for name in imported(path.read_text())
        if name not in sys.stdlib_module_names and name != "pasar"
    }

    missing = {
        name: path for name, path in used.items() if not {plain(d) for d in known.get(name, [])} & ours
    }

    assert len(used) > 20, "the look finds imports"
    assert missing == {}, "name these in pyproject.toml and lock again"
