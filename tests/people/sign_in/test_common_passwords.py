"""Passwords that are guessed first are refused, whatever is put around them."""

from __future__ import annotations

import pytest

from pasar.people.sign_in.common_passwords import is_common


@pytest.mark.parametrize(
    "password",
    ["password", "Password", "12345678", "qwertyuiop", "iloveyou", "sunshine", "pasar2026!", "!!Pasar!!"],
)
def test_what_everybody_tries_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", ["rumah-makan", "Rumah-Makan99", "  Rumah-Makan 1 ", "ann.buyer2"])
def test_ones_own_words_are_guessed_too(password: str) -> None:
    assert is_common(password, words=("Rumah-Makan", "ann.buyer"))


@pytest.mark.parametrize(
    "password", ["correct horse battery", "kucing biru makan awan", "xk4vq9tz", "Ann buys forty mugs"]
)
def test_others_are_not(password: str) -> None:
    assert not is_common(password, words=("Ann", "Mug shop"))
