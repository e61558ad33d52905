"""How is a JSON body read? Strictly, once, straight into its struct.

JSON by its type; a number is no text and a truth no number (Litestar's own reading would take "2" and true
for numbers, as it must in addresses); no field twice (which was meant?); nested 32 levels deep at most.
Whatever a body holds, reading it takes time in proportion to its length: the event loop does it, for anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException
from litestar.types import Empty

from pasar.kernel.errors import BadRequest, FieldProblem, UnknownType

JSON_TYPE: Final = re.compile(r"application/([a-z0-9.-]+\+)?json")
ESCAPED_NUL: Final = b"\\u0000"
NUL_BODY: Final = "nul_body"
"""Where the request's state keeps a body that may have NUL, for the refusal that names its fields."""
MOST_NAMED: Final = 20
MOST_LOOKED_AT: Final = 20_000
"""Values of a body, when it is searched for the character NUL."""
DEEPEST: Final = 32
"""Levels of lists and objects; the bodies of today need six."""
LONGEST_PLACE: Final = 200
"""Characters: names in a body may be as long as the body."""

# One that does not end takes the rest: every byte is looked at once.
_TEXT: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(sign for sign in range(256) if sign not in b"[]{}")


class JsonRequest(Request[Any, Any, Any]):
    """The request of every handler."""

    async def json(self) -> Any:
        """The body as the handler's `data`. Raises what `read_json` raises."""
        if self._json is Empty:
            field = self.route_handler.parsed_data_field
            kind = field.annotation if field is not None else Any
            body = await self.body()
            self._json = read_json(body, self.headers.get("content-type", ""), kind)
            if ESCAPED_NUL in body:
                self.scope["state"][NUL_BODY] = body
        return self._json


def read_json(body: bytes, content_type: str, kind: Any) -> Any:
    """Decode `body`, of the header's `content_type` ("" for none), as `kind`.

    Raises `UnknownType` (`json_required`), `BadRequest` (`invalid_body`, `invalid_request`), and Litestar's
    `ValidationException` for what does not fit `kind`.
    """
    _refuse_other_types(content_type)
    if is_deep(body):
        detail = f"The body is nested deeper than {DEEPEST} levels. Send plainer JSON."
        raise BadRequest("invalid_body", detail)
    try:
        value = _decoder(kind).decode(body)
        _unique_fields.decode(body.decode())
    except msgspec.ValidationError as problem:
        raise _misfit(str(problem)) from None
    except msgspec.DecodeError as problem:
        raise BadRequest("invalid_body", f"The body is not well-formed JSON: {problem}.") from None
    except _Repeated as problem:
        field = FieldProblem(problem.name, "repeated", "Send this field once.")
        raise BadRequest("invalid_request", "A field is there twice. Send it once.", errors=[field]) from None
    except RecursionError:
        raise BadRequest("invalid_body", "The body is nested too deeply. Send plainer JSON.") from None
    except UnicodeDecodeError:
        raise BadRequest("invalid_body", "The body holds bytes that are not UTF-8.") from None
    return value


def is_deep(body: bytes) -> bool:
    """Whether lists and objects of this JSON stand in each other more than `DEEPEST` levels.

    Without recursion, and in a few passes of C: each turn takes the innermost pairs away. What is no JSON may
    pass here; the decoder refuses it.
    """
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    left = _TEXT.sub(b"", body).translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(DEEPEST):
        left = left.replace(b"[]", b"")
    return bool(left) and left.count(b"[") == left.count(b"]")


def nul_fields(body: bytes) -> list[FieldProblem]:
    """The first `MOST_NAMED` fields of a JSON body whose text, or whose name, has the character NUL.

    Many rules refuse it in words of their own; for the rest PostgreSQL does, which names no field. Places are
    written for those fields only, and the search ends after `MOST_LOOKED_AT` values: the refusal stands
    without them.
    """
    found: list[FieldProblem] = []
    looked_at = 0
    path: list[str | int] = [""]
    open_levels: list[Iterator[tuple[str | int, Any]]] = [iter([("", msgspec.json.decode(body))])]
    while open_levels and len(found) < MOST_NAMED and looked_at < MOST_LOOKED_AT:
        step, value = next(open_levels[-1], (None, None))
        if step is None:
            open_levels.pop()
            path.pop()
            continue
        looked_at += 1
        path[-1] = step
        if _has_nul(step) or _has_nul(value):
            found.append(FieldProblem(_place(path), "malformed", "Leave out the character NUL."))
        if isinstance(value, list | dict):
            open_levels.append(iter(value.items()) if isinstance(value, dict) else enumerate(value))
            path.append("")
    return found


def _has_nul(value: object) -> bool:
    return isinstance(value, str) and "\0" in value


def _place(path: list[str | int]) -> str:
    """Where that is, as in `items[2].name`: names without NUL, and no longer than anybody reads."""
    written = ""
    for step in path:
        written += f"[{step}]" if isinstance(step, int) else f".{step[:LONGEST_PLACE]}"
    return written.lstrip(".").replace("\0", "")[:LONGEST_PLACE]


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _refuse_other_types(given: str) -> None:
    kind = given.partition(";")[0].strip().lower()
    if (
        kind
        and kind != "application/json"
        and not (kind.startswith("application/") and kind.endswith("+json"))
    ):
        raise UnknownType("json_required", "Send JSON, with the header Content-Type: application/json.")


def _misfit(message: str) -> ValidationException:
    """In the words of Litestar's own exception, which `problems` reads: the body itself is called `data`."""
    told, _, place = message.partition(" - at ")
    key = place.strip("`").removeprefix("$").removeprefix(".") or "data"
    return ValidationException(told, extra=[{"message": told, "key": key, "source": "body"}])


class _Repeated(Exception):
    """An object has two fields of one name; msgspec would take the last in silence."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _Repeated(name.replace("\0", ""))
        seen.add(name)


# Looks at names only: numbers of any length stay text, and every object becomes None.
_unique_fields = json.JSONDecoder(object_pairs_hook=_refuse_repeated, parse_int=str, parse_float=str)
