"""Ids, tokens and codes."""

import hashlib
import re
import time
import uuid
from datetime import date

import pytest

from pasar.kernel.ids import hash_token, new_id, new_token, order_number, parse_id, people_code


def test_ids_are_uuid7_that_rise_and_never_repeat() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(5000)]
    after = time.time_ns() // 1_000_000
    assert {value.version for value in made} == {7}
    assert {type(value) for value in made} == {uuid.UUID}
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert before - 1 <= made[0].int >> 80 <= after + 1


def test_an_id_reads_back() -> None:
    value = new_id()
    assert parse_id(str(value)) == value
    assert parse_id(str(value).upper()) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "not-an-id",
        "01a1fdc38ded70779e8ab455f1f27806",
        "{01a1fdc3-8ded-7077-9e8a-b455f1f27806}",
        "urn:uuid:01a1fdc3-8ded-7077-9e8a-b455f1f27806",
        "01a1fdc3-8ded-7077-9e8a-b455f1f2780",
        "01a1fdc3-8ded-7077-9e8a-b455f1f2780g",
        "01a1fdc38-ded-7077-9e8a-b455f1f27806",
        "01a1fdc3-8ded-7077-9e8a-b455f1f2780６",
        " 01a1fdc3-8ded-7077-9e8a-b455f1f2780",
    ],
)
def test_only_the_canonical_form_is_an_id(text: str) -> None:
    assert parse_id(text) is None


def test_tokens_are_32_random_bytes_stored_as_their_hash() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[0-9a-f]{64}", token) for token in tokens)
    token = tokens.pop()
    assert hash_token(token) == hashlib.sha256(token.encode("ascii")).digest()
    assert len(hash_token(token)) == 32


def test_people_codes_leave_out_letters_that_are_misread() -> None:
    seen = "".join(people_code() for _ in range(2000))
    assert set(seen) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert len(people_code()) == 5
    assert len(people_code(12)) == 12
    with pytest.raises(ValueError, match="at least one"):
        people_code(0)


def test_order_numbers_carry_the_day() -> None:
    assert order_number(date(2026, 11, 20), "7K3F9") == "ORD-20261120-7K3F9"
    assert order_number(date(2027, 1, 2), "00000") == "ORD-20270102-00000"
