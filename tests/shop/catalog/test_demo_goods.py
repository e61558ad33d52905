"""The demo's goods show what a shop must be able to show, and each has a drawing of its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from pasar.shop.catalog.demo.drawings import SCENES, draw, palette_of, render_picture
from pasar.shop.catalog.demo.goods import CATEGORIES, PRODUCTS
from pasar.shop.catalog.demo.model import DemoProduct

VARIANTS = [variant for product in PRODUCTS for variant in product.variants]


def test_there_are_twenty_four_goods_in_five_categories() -> None:
    assert len(PRODUCTS) == 24
    assert len(CATEGORIES) == 5
    assert {product.category for product in PRODUCTS} == {category.handle for category in CATEGORIES}
    assert len({product.handle for product in PRODUCTS}) == 24
    assert len({variant.sku for variant in VARIANTS}) == len(VARIANTS)


def test_the_special_cases_are_there() -> None:
    on_sale = [p.handle for p in PRODUCTS if any(v.compare_at_usd for v in p.variants)]
    sold_out = [p.handle for p in PRODUCTS if all(v.stock == 0 for v in p.variants)]
    three_options = [p.handle for p in PRODUCTS if len(p.options) == 3]
    low = [v.sku for v in VARIANTS if 0 < v.stock <= 3]
    assert on_sale == ["round-teapot"]
    assert sold_out == ["night-carafe"]
    assert three_options == ["market-apron"]
    assert low == ["INK-NIGHT"]


def test_variants_fill_their_options_and_cost_something() -> None:
    for product in PRODUCTS:
        assert len({v.options for v in product.variants}) == len(product.variants)
        for variant in product.variants:
            assert len(variant.options) == len(product.options)
            assert variant.usd > 0
            assert variant.idr % 100_000 == 0, "rupiah prices end on thousands"
            assert variant.weight > 0


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.handle)
def test_each_good_has_copy_and_a_drawing(product: DemoProduct) -> None:
    assert re.fullmatch(r"(<p>[^<]+</p>){2,}", product.description)
    svg = ElementTree.fromstring(draw(product.handle))
    assert svg.attrib["viewBox"] == "0 0 1200 1500"
    assert len({element.attrib.get("fill") for element in svg}) >= 4
    picture = render_picture(product.handle, size=(80, 100))
    assert picture.size == (80, 100)
    assert len(picture.getcolors(80 * 100) or []) > 20


def test_every_good_is_drawn_once_and_no_two_alike() -> None:
    assert set(SCENES) == {product.handle for product in PRODUCTS}
    assert len({draw(handle) for handle in SCENES}) == 24


def test_a_variant_sets_the_hue() -> None:
    assert palette_of("dawn-mug", "Sea").hue != palette_of("dawn-mug", "Moss").hue
    assert palette_of("cloth-notebook", "Plum / Dotted").hue == palette_of("cloth-notebook", "plum").hue
    assert palette_of("dawn-mug", "Nonsense").hue == palette_of("dawn-mug").hue
