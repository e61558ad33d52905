"""What is written is read again."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasar.shop.catalog.handles import slug
from pasar.shop.catalog.shopify_product import Problem, ShopifyImage, ShopifyProduct, ShopifyVariant
from pasar.shop.catalog.shopify_reading import read_products
from pasar.shop.catalog.shopify_writing import extra_columns_of, write_products

SHOPIFY = Path(__file__).resolve().parents[4] / "shared" / "data" / "shopify"


def _written(products: list[ShopifyProduct], extra_columns: tuple[str, ...] = ()) -> str:
    stream = io.StringIO(newline="")
    assert write_products(products, stream, currency="USD", extra_columns=extra_columns) == frozenset()
    return stream.getvalue()


def _read(text: str) -> tuple[list[ShopifyProduct], list[Problem]]:
    problems: list[Problem] = []
    return list(
        read_products(io.BytesIO(text.encode()), currency="USD", on_problem=problems.append)
    ), problems


@pytest.mark.parametrize("name", ["apparel.csv", "bicycles.csv", "home-and-garden.csv", "jewelry.csv"])
def test_real_files_survive_the_round_trip(name: str) -> None:
    path = SHOPIFY / name
    if not path.exists():
        pytest.skip(f"the shared {name} is not here")
    products, _ = _read(path.read_bytes().decode())
    assert extra_columns_of(products) == ()
    text = _written(products)
    again, _ = _read(text)
    assert again == products
    assert _written(again) == text
    with path.open(encoding="utf-8", newline="") as stream:
        original = list(csv.DictReader(stream))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for heading in ("Title", "Body (HTML)", "Variant SKU", "Image Src", "Google Shopping / Gender"):
        assert sorted(row[heading] for row in original if row[heading]) == sorted(
            row[heading] for row in rows if row[heading]
        )


_LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
_TEXT = st.text(_LETTERS, max_size=20)
_CELL = _TEXT.map(str.strip)
_FULL = _CELL.filter(bool)
_BARCODE = _CELL.filter(lambda text: not text.startswith("'")).map(lambda text: text or None)
_MINOR = st.integers(0, 10**12)
_PRODUCT_EXTRA = st.sampled_from(["Google Shopping / Gender", "Season (metafield)", "Included / Indonesia"])
_VARIANT_EXTRA = st.sampled_from(["Variant Inventory Tracker", "Cost per item", "Variant Colour Code"])
_VALUE = _TEXT.filter(bool)


@st.composite
def _products(draw: st.DrawFn) -> ShopifyProduct:
    # "Title" names no option in Shopify: a single value "Default Title" under it would mean none.
    names = draw(st.lists(_FULL.filter(lambda name: name != "Title"), max_size=3))
    combinations = draw(
        st.lists(
            st.tuples(*[_FULL] * len(names)), max_size=4, unique_by=lambda c: tuple(v.casefold() for v in c)
        )
    )
    variants = tuple(
        ShopifyVariant(
            options=options,
            sku=draw(_CELL) or None,
            barcode=draw(_BARCODE),
            weight_grams=draw(st.integers(0, 10**6)),
            quantity=draw(st.none() | st.integers(0, 10**6)),
            policy=draw(st.sampled_from(["deny", "continue"])),
            price_minor=draw(_MINOR),
            compare_at_minor=draw(st.none() | _MINOR),
            requires_shipping=draw(st.booleans()),
            taxable=draw(st.booleans()),
            image_src=draw(_CELL) or None,
            extra=draw(st.dictionaries(_VARIANT_EXTRA, _VALUE)),
        )
        for options in combinations
    )
    images = tuple(
        ShopifyImage(src, draw(st.integers(1, 250)), draw(_CELL))
        for src in draw(st.lists(_FULL, max_size=4, unique=True))
    )
    tags = draw(st.lists(_FULL.filter(lambda tag: "," not in tag), max_size=3, unique=True))
    return ShopifyProduct(
        handle="p" + slug(draw(_TEXT)),
        title=draw(_FULL),
        body_html=draw(st.text(_LETTERS, max_size=60)),
        vendor=draw(_CELL),
        product_type=draw(_CELL),
        tags=tuple(tags),
        published=draw(st.booleans()),
        options=tuple(names),
        variants=variants,
        images=images,
        seo_title=draw(_CELL),
        seo_description=draw(_CELL),
        status=draw(st.sampled_from(["active", "draft", "archived"])),
        gift_card=draw(st.booleans()),
        extra=draw(st.dictionaries(_PRODUCT_EXTRA, _VALUE)),
    )


@settings(max_examples=200)
@given(st.lists(_products(), max_size=4, unique_by=lambda product: product.handle))
def test_any_products_survive_the_round_trip(products: list[ShopifyProduct]) -> None:
    again, problems = _read(_written(products, extra_columns_of(products)))
    assert again == products
    assert [problem for problem in problems if problem.code != "sku_repeated"] == []


def test_a_value_without_a_column_is_named() -> None:
    text = "Handle,Title,Variant Price,Season,Variant Mood\na,A,1,Spring,calm\n"
    products, _ = _read(text)
    stream = io.StringIO(newline="")
    assert write_products(products, stream, currency="USD") == {"Season", "Variant Mood"}
    assert extra_columns_of(products) == ("Season", "Variant Mood")
    assert _read(_written(products, ("Season", "Variant Mood")))[0] == products


def test_an_optionless_product_is_written_as_shopify_does() -> None:
    products, _ = _read("Handle,Title,Variant Price\na,A,12.5\n")
    (row,) = csv.DictReader(io.StringIO(_written(products), newline=""))
    assert (row["Option1 Name"], row["Option1 Value"], row["Variant Price"]) == (
        "Title",
        "Default Title",
        "12.50",
    )
