"""RFC 6238, its own vectors first; a code is good for one step, one step late or early, and once."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from pasar.people.sign_in.second_factor.totp import (
    grouped,
    new_secret,
    provisioning_uri,
    qr_svg,
    step_of,
)

# RFC 6238, appendix B (SHA-1); the last six of its eight digits.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC), after=0) == seconds // 30


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_skew(steps: int, fits: bool) -> None:
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    code = pyotp.TOTP(SECRET).at(now + timedelta(seconds=30 * steps))
    assert (step_of(SECRET, code, now, after=0) is not None) is fits


def test_a_step_counts_once() -> None:
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    code = pyotp.TOTP(SECRET).at(now)
    step = step_of(SECRET, code, now, after=0)
    assert step is not None
    assert step_of(SECRET, code, now, after=step - 1) == step
    assert step_of(SECRET, code, now, after=step) is None


@pytest.mark.parametrize("typed", ["287 082", "287-082", " 287082 "])
def test_as_people_type_it(typed: str) -> None:
    assert step_of(SECRET, typed, datetime.fromtimestamp(59, UTC), after=0) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "٢٨٧٠٨٢", "abcdef", "0" * 5000, "\0" * 6])
def test_what_is_no_code(typed: str) -> None:
    assert step_of(SECRET, typed, datetime.fromtimestamp(59, UTC), after=0) is None


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(one)) for one in made} == {20}
    assert grouped("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_the_drawing_needs_nothing_that_the_policy_forbids() -> None:
    uri = provisioning_uri(SECRET, account="a&b <c>@example.com", issuer="Kopi & Teh")
    assert uri.startswith("otpauth://totp/Kopi")
    assert f"secret={SECRET}" in uri
    drawn = qr_svg(uri)
    assert drawn.startswith("<svg")
    assert not re.search(r"style|script|on\w+=|http", drawn)
