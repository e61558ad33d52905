"""How is a JSON body read? Strictly, once, straight into its struct.

JSON by its type; a number is no text and a truth no number (Litestar's own reading would take "2" and true
for numbers, as it must in addresses); no field twice (which was meant?); not nested without end.
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
NUL_FIELDS: Final = "nul_fields"
MOST_NAMED: Final = 20


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
                self.scope["state"][NUL_FIELDS] = nul_fields(body)
        return self._json


def read_json(body: bytes, content_type: str, kind: Any) -> Any:
    """Decode `body`, of the header's `content_type` ("" for none), as `kind`.

    Raises `UnknownType` (`json_required`), `BadRequest` (`invalid_body`, `invalid_request`), and Litestar's
    `ValidationException` for what does not fit `kind`.
    """
    _refuse_other_types(content_type)
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


def nul_fields(body: bytes) -> list[FieldProblem]:
    """The fields of a JSON body whose text has the character NUL.

    Many rules refuse it in words of their own; for the rest PostgreSQL does, which names no field.
    """
    places = [place for place, text in _texts(msgspec.json.decode(body), "") if "\0" in text]
    return [FieldProblem(place, "malformed", "Leave out the character NUL.") for place in places[:MOST_NAMED]]


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


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text in `value` with its place on the wire, names of fields among them."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, f"{place}[{position}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = f"{place}.{name}".lstrip(".").replace("\0", "")
            yield inner, name
            yield from _texts(item, inner)
