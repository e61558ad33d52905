"""The pantry: things that taste of where they come from."""

from __future__ import annotations

from pasar.shop.catalog.demo.model import one, product

GOODS = (
    product(
        "forest-honey",
        "pantry",
        "Forest Honey",
        "Bee Line",
        (
            "Wild honey from the forests of Sumbawa: dark, a little sour, and different each season.",
            "Filtered once, heated never. It may set in cool weather; warm water brings it back.",
        ),
        "A jar of honey with a cloth lid and a dipper",
        (
            one("HONEY-250", 1400, 229_000, 60, 420, "250 g"),
            one("HONEY-500", 2500, 405_000, 38, 760, "500 g"),
        ),
        "food breakfast",
        ("Jar",),
    ),
    product(
        "highland-tea-tin",
        "pantry",
        "Highland Green Tea",
        "High Garden",
        (
            "Picked before nine, steamed before noon. A green tea with the taste of rice, rain and a clean "
            "window.",
            "80 g of loose leaf, about forty cups. The tin closes with a sigh and keeps the light out.",
        ),
        "A round tea tin with a leaf on its label",
        (one("TEA-80", 1700, 275_000, 46, 230),),
        "food tea gift",
    ),
    product(
        "slow-sambal",
        "pantry",
        "Slow Sambal",
        "Ibu Ratna",
        (
            "Chillies, shallots, garlic, and an afternoon. Cooked until it stops shouting and starts to "
            "sing.",
            "250 ml. Keep it in the fridge once open, and hide it if you want it to last.",
        ),
        "A bottle of chilli sauce with two chillies",
        (
            one("SAMBAL-MILD", 1100, 179_000, 55, 430, "Mild"),
            one("SAMBAL-HOT", 1100, 179_000, 41, 430, "Hot"),
        ),
        "food spicy",
        ("Heat",),
    ),
    product(
        "gayo-coffee",
        "pantry",
        "Gayo Mountain Coffee",
        "Third Ridge",
        (
            "From the hills above Lake Laut Tawar, washed and sun-dried. Cocoa first, then orange peel, "
            "then more.",
            "250 g, roasted on Tuesdays and sent on Wednesdays.",
        ),
        "A bag of coffee with a few beans in front",
        (
            one("GAYO-BEANS", 1600, 259_000, 70, 270, "Whole beans"),
            one("GAYO-FILTER", 1600, 259_000, 42, 270, "Ground for filter"),
            one("GAYO-MOKA", 1600, 259_000, 29, 270, "Ground for moka"),
        ),
        "food coffee gift",
        ("Grind",),
    ),
)
