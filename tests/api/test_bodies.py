"""How bodies are read, without a server: what no route of today takes must not break one of tomorrow."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from litestar.exceptions import ValidationException

from pasar.kernel.errors import Problem
from pasar.kernel.http.bodies import nul_fields, read_json


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"[" * 100_000, "", "invalid_body"),
        (b"[" * 5_000 + b"]" * 5_000, "", "invalid_body"),
        (b'{"a": "\xff"}', "", "invalid_body"),
        (b'{"a": {"b": 1, "b": 1}}', "", "invalid_request"),
        (b'{"a": 1, "\\u0061": 2}', "", "invalid_request"),
        (b"{}", "text/plain", "json_required"),
        (b"{}", "application/x-www-form-urlencoded", "json_required"),
        (b"{}", "application/jsonp", "json_required"),
    ],
)
def test_refused(body: bytes, content_type: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_json(body, content_type, Any)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "content_type", "value"),
    [
        (b"{}", "", {}),
        (b"{}", "application/json; charset=utf-8", {}),
        (b"{}", "Application/Merge-Patch+JSON", {}),
        (b"null", "application/json", None),
        (b'[{"a": 1}, {"a": 2}]', "application/json", [{"a": 1}, {"a": 2}]),
    ],
)
def test_taken(body: bytes, content_type: str, value: Any) -> None:
    assert read_json(body, content_type, Any) == value


@pytest.mark.parametrize("sent", ['"1"', "true", "1.0", "1.5", "null", "[1]"])
def test_only_a_whole_number_is_one(sent: str) -> None:
    class Counted(msgspec.Struct):
        pieces: int

    with pytest.raises(ValidationException) as refused:
        read_json(f'{{"pieces": {sent}}}'.encode(), "application/json", Counted)
    assert isinstance(refused.value.extra, list)
    assert [item["key"] for item in refused.value.extra] == ["pieces"]


def test_a_number_of_any_length_is_refused_as_a_misfit() -> None:
    with pytest.raises(ValidationException):
        read_json(b"9" * 5_000, "application/json", int)


def test_the_places_of_nul() -> None:
    body = rb'{"a": "x", "b": ["y", {"c": "\u0000"}], "d\u0000": "\\u0000"}'

    assert [(problem.field, problem.code) for problem in nul_fields(body)] == [
        ("b[1].c", "malformed"),
        ("d", "malformed"),
    ]
