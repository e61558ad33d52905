"""What does the demo shop sell? Twenty-four goods in five categories of one market hall."""

from __future__ import annotations

from pasar.shop.catalog.demo import (
    goods_garden,
    goods_kitchen,
    goods_pantry,
    goods_stationery,
    goods_textiles,
)
from pasar.shop.catalog.demo.model import DemoCategory, DemoProduct

CATEGORIES: tuple[DemoCategory, ...] = (
    DemoCategory(
        "kitchen-table",
        "Kitchen & Table",
        "<p>Pots that pour, boards that last, and bowls for the middle of the table.</p>",
        "Mugs, bowls, boards and pots by small workshops.",
    ),
    DemoCategory(
        "textiles",
        "Textiles",
        "<p>Linen, cotton and wool, woven by people who sign their work.</p>",
        "Towels, aprons, cushions and throws from hand looms.",
    ),
    DemoCategory(
        "stationery",
        "Stationery",
        "<p>Paper with a good tooth, and things to mark it with.</p>",
        "Notebooks, pencils, ink and letter sets.",
    ),
    DemoCategory(
        "plants-garden",
        "Plants & Garden",
        "<p>For a balcony, a windowsill or half an acre.</p>",
        "Planters, tools, seeds and twine for gardens of any size.",
    ),
    DemoCategory(
        "pantry",
        "Pantry",
        "<p>Things that taste of where they come from.</p>",
        "Honey, tea, sambal and coffee from makers we know.",
    ),
)

PRODUCTS: tuple[DemoProduct, ...] = (
    *goods_kitchen.GOODS,
    *goods_textiles.GOODS,
    *goods_stationery.GOODS,
    *goods_garden.GOODS,
    *goods_pantry.GOODS,
)
