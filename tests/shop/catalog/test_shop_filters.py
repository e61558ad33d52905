"""The filters of a list's address: read, shown as chips, and kept in the form."""

from __future__ import annotations

from pasar.shop.catalog.search.documents import FacetCount, Facets
from pasar.shop.catalog.shop_filters import SHOWN_AT_ONCE, Filters, chips, facet_groups, read_filters

PAIRS = [
    ("q", " mug "),
    ("vendor", "Kiln & Kin"),
    ("vendor", "Flock"),
    ("option.Size", "S"),
    ("option.Size", "M"),
    ("minPrice", "10"),
    ("maxPrice", ""),
    ("inStock", "true"),
    ("sort", "price_asc"),
    ("cursor", "abc"),
    ("else", "1"),
]


def test_an_address_becomes_filters() -> None:
    assert read_filters(PAIRS) == Filters(
        text="mug",
        vendors=("Kiln & Kin", "Flock"),
        options={"Size": ("S", "M")},
        price_min="10",
        in_stock=True,
        sort="price_asc",
        cursor="abc",
    )
    assert read_filters([("sort", "dearest"), ("inStock", "perhaps")]) == Filters()
    assert not Filters(text="mug", category="cups").any


def test_each_chip_takes_one_filter_away_and_begins_at_the_first_page() -> None:
    found = chips("/products", PAIRS, read_filters(PAIRS), category_title="Cups")
    assert [(chip.kind, chip.value) for chip in found] == [
        ("category", "Cups"),
        ("vendor", "Kiln & Kin"),
        ("vendor", "Flock"),
        ("option", "S"),
        ("option", "M"),
        ("minPrice", "10"),
        ("inStock", ""),
    ]
    by_value = {chip.value: chip.path for chip in found}
    assert "vendor=Flock" in by_value["Kiln & Kin"]
    assert "Kiln" not in by_value["Kiln & Kin"]
    assert "option.Size=M" in by_value["S"]
    assert "option.Size=S" not in by_value["S"]
    assert not any("cursor" in chip.path for chip in found)


def test_the_last_chip_leads_to_the_bare_list() -> None:
    pairs = [("vendor", "Flock")]
    assert chips("/products", pairs, read_filters(pairs))[0].path == "/products"


def test_what_is_chosen_stays_in_the_form_though_it_finds_nothing() -> None:
    counts = tuple(FacetCount(f"maker {n}", 20 - n) for n in range(SHOWN_AT_ONCE + 3))
    facets = Facets((), counts, {"Size": (FacetCount("S", 2),)}, (), 0, 0)
    groups = facet_groups(facets, read_filters([("vendor", "maker 10"), ("option.Colour", "Red")]))
    makers, colour = groups
    assert [choice.value for choice in makers.first][-1] == "maker 10", "beyond the first, but chosen"
    assert len(makers.more) == 2
    assert [(choice.value, choice.count, choice.checked) for choice in colour.first] == [("Red", 0, True)]
    assert all(group.title != "Size" for group in groups), "one value is no choice"
