"""Handles of products."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.shop.catalog.handles import HANDLE_LENGTH, RESERVED_HANDLES, handle_from, slug, unique_handle


@pytest.mark.parametrize(
    ("title", "handle"),
    [
        ("Clay Plant Pot", "clay-plant-pot"),
        ("Levi's® Commuter — Skinny  Jeans", "levis-commuter-skinny-jeans"),
        ("Café Crème Ærø Straße", "cafe-creme-aero-strasse"),
        ("  --14k / 18k-- ", "14k-18k"),
        ("東京", "product"),
        ("", "product"),
        ("Search", "search-1"),
        ("NEW!", "new-1"),
        ("Newer", "newer"),
    ],
)
def test_handle_from_a_title(title: str, handle: str) -> None:
    assert handle_from(title) == handle


def test_unique_handle_takes_the_first_free_one() -> None:
    assert unique_handle("pot", set()) == "pot"
    assert unique_handle("pot", {"pot"}) == "pot-1"
    assert unique_handle("pot", {"pot", "pot-1", "pot-2"}) == "pot-3"
    assert unique_handle("trending", set()) == "trending-1"
    long = "x" * HANDLE_LENGTH
    assert unique_handle(long, {long}) == "x" * (HANDLE_LENGTH - 2) + "-1"


@given(st.text())
def test_a_handle_is_always_usable_and_stable(title: str) -> None:
    handle = handle_from(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", handle)
    assert len(handle) <= HANDLE_LENGTH
    assert handle not in RESERVED_HANDLES
    assert handle_from(handle) == handle
    assert slug(slug(title)) == slug(title)
