"""Sealed values: what opens, and everything that must not."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.kernel.crypto import SealBroken, context_of
from pasar.kernel.crypto.sealing import key_of, open_with, seal_with

KEY_ID = UUID("01890000-0000-7000-8000-000000000001")
KEY = bytes(range(32))


def sealed(plain: bytes = b"a secret") -> bytes:
    return seal_with(KEY_ID, KEY, plain, purpose="totp", context=b"person")


def open_as_read(value: bytes) -> bytes:
    key_of(value)
    return open_with(KEY, value, purpose="totp", context=b"person")


@given(st.binary(max_size=300), st.text(max_size=20), st.binary(max_size=40))
def test_what_was_sealed_opens(plain: bytes, purpose: str, context: bytes) -> None:
    value = seal_with(KEY_ID, KEY, plain, purpose=purpose, context=context)

    assert key_of(value) == KEY_ID
    assert open_with(KEY, value, purpose=purpose, context=context) == plain
    assert len(value) == len(plain) + 45


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({sealed() for _ in range(100)}) == 100


@pytest.mark.parametrize("at", range(len(sealed())))
def test_one_changed_bit_anywhere_breaks_it(at: int) -> None:
    value = bytearray(sealed())
    value[at] ^= 1

    with pytest.raises(SealBroken):
        open_as_read(bytes(value))


@pytest.mark.parametrize(
    ("key", "purpose", "context"),
    [
        (bytes(32), "totp", b"person"),
        (KEY, "passkey", b"person"),
        (KEY, "totp", b"another person"),
        (KEY, "totp", b""),
        (KEY, "totpp", b"erson"),  # the border between the two is part of what is bound
    ],
)
def test_another_key_purpose_or_place_does_not_open_it(key: bytes, purpose: str, context: bytes) -> None:
    with pytest.raises(SealBroken):
        open_with(key, sealed(), purpose=purpose, context=context)


@pytest.mark.parametrize(
    "value", [b"", b"\x01", b"plain text that nobody sealed, long enough for a head", b"\x01" * 44]
)
def test_what_is_no_sealed_value_is_refused(value: bytes) -> None:
    with pytest.raises(SealBroken):
        open_as_read(value)


def test_contexts_of_different_parts_differ() -> None:
    assert len({context_of("ab", "c"), context_of("a", "bc"), context_of("abc"), context_of("abc", "")}) == 4
