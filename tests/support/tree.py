"""What lint rules of our own look at: the files of the tree, and how SQL is written in them."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SQL = re.compile(
    r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|SET LOCAL)\s", re.MULTILINE
)


def files() -> list[Path]:
    """Every file of the tree that git knows or would add, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """The text of a file, or None when it is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def built_sql(source: str) -> Iterator[tuple[int, str]]:
    """Lines where SQL is put together from pieces: f-strings with holes, `.format`, `%` and `+`."""
    for node in ast.walk(ast.parse(source)):
        begins = None
        if not isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.JoinedStr):
            holes = any(isinstance(part, ast.FormattedValue) for part in node.values)
            begins = node.values[0] if holes and node.values else None
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
        ):
            begins = node.func.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            begins = node.left
        if isinstance(begins, ast.Constant) and isinstance(begins.value, str) and SQL.match(begins.value):
            yield node.lineno, begins.value.strip().split("\n")[0]
