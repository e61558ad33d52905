"""How bodies are read, without a server: what no route of today takes must not break one of tomorrow."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from litestar.exceptions import ValidationException

from pasar.kernel.errors import Problem
from pasar.kernel.http.bodies import DEEPEST, MOST_LOOKED_AT, MOST_NAMED, nul_fields, read_json
from pasar.people.sign_in.second_factor.schemas import PasskeySignInBody


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


def test_nested_as_deep_as_is_allowed_and_one_deeper() -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        told = opened * DEEPEST + "1" + closed * DEEPEST
        assert read_json(told.encode(), "", Any) == json.loads(told)
        with pytest.raises(Problem) as refused:
            read_json((opened + told + closed).encode(), "", Any)
        assert refused.value.code == "invalid_body"
        assert "deeper than 32 levels" in refused.value.detail


@pytest.mark.parametrize("text", ["[" * 100, "{" * 100, '\\"' + "[" * 100, "\\\\", "]" * 40])
def test_brackets_in_a_text_are_no_levels(text: str) -> None:
    body = f'{{"a": "{text}", "b": [{", ".join(["[]"] * 50)}]}}'.encode()
    assert read_json(body, "", Any)["a"] == json.loads(f'"{text}"')


def test_many_beside_each_other_are_not_deep() -> None:
    assert read_json(b"[" + b"[[]]," * 99 + b"{}]", "", Any) == [[[]]] * 99 + [{}]


@pytest.mark.parametrize("depth", [100, 480, 900])
def test_a_deep_body_full_of_nul_is_refused_at_once(depth: int) -> None:
    """990 kB that took seven seconds of the event loop: every text's place was written at every level."""
    leaf = b",".join([b'"\\u0000"'] * ((990_000 - 2 * depth) // 9))
    body = b'{"passkey":{"a":' + b"[" * depth + leaf + b"]" * depth + b"}}"
    began = time.process_time()
    with pytest.raises(Problem) as refused:
        read_json(body, "application/json", PasskeySignInBody)
    named = nul_fields(body)
    assert time.process_time() - began < 1, "a tenth of it is usual"
    assert refused.value.code == "invalid_body"
    assert len(named) == MOST_NAMED


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b",".join([b"[" * 31 + b"]" * 31] * 15_000) + b"]",
        b"[" + b",".join([b"1"] * 490_000) + b"]",
        b"[" * 40 + b'"' + b'\\"' * 490_000,
        b"[" * 40 + b'"' * 990_000,
        b"[]" + b"[" * 990_000,
    ],
    ids=["wide and deep", "wide", "an open text", "quotes", "never closed"],
)
def test_any_megabyte_is_read_or_refused_in_time(body: bytes) -> None:
    began = time.process_time()
    with suppress(Problem):
        read_json(body, "", Any)
    assert time.process_time() - began < 3


def test_the_search_for_nul_ends() -> None:
    """Lazily, after so many values; and a place is no longer than anybody reads."""
    far = b"[" + b"1," * MOST_LOOKED_AT + b'"\\u0000"]'
    assert nul_fields(far) == []
    (long,) = nul_fields(b'{"' + b"k" * 5_000 + b'": ["\\u0000"]}')
    assert long.field.startswith("kkk")
    assert len(long.field) <= 200


def test_what_browsers_add_to_a_passkey_is_skipped_and_the_rest_is_typed() -> None:
    response = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": None}
    passkey = {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": response | {"publicKeyAlgorithm": -7},
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    read = read_json(json.dumps({"passkey": passkey}).encode(), "", PasskeySignInBody).passkey.plain()
    assert read["response"] == {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
    wrongs: list[dict[str, Any]] = [
        {"rawId": 1},
        {"rawId": "A" * 1_401},
        {"response": []},
        {"response": {}},
        {"response": response | {"signature": {}}},
        {"response": response | {"transports": [[]]}},
        {"response": response | {"transports": ["usb"] * 21}},
    ]
    for wrong in wrongs:
        with pytest.raises(ValidationException):
            read_json(json.dumps({"passkey": passkey | wrong}).encode(), "", PasskeySignInBody)
