"""Textiles: woven, sewn and dyed by the hall's weavers."""

from __future__ import annotations

from pasar.shop.catalog.demo.model import one, product

GOODS = (
    product(
        "linen-kitchen-towel",
        "textiles",
        "Linen Kitchen Towel",
        "Loom Street",
        (
            "Linen that dries glasses without lint and gets softer with every wash. Two stripes, one loop, "
            "no fuss.",
            "50 by 70 cm. Wash at 60 °C and hang it up; ironing is between you and your conscience.",
        ),
        "A striped towel with fringes over a rail",
        (
            one("TOWEL-SEA", 1600, 259_000, 64, 120, "Sea"),
            one("TOWEL-OAT", 1600, 259_000, 52, 120, "Oat"),
            one("TOWEL-ROSE", 1600, 259_000, 23, 120, "Rose"),
        ),
        "linen kitchen",
        ("Colour",),
    ),
    product(
        "market-apron",
        "textiles",
        "Market Apron",
        "Loom Street",
        (
            "The apron that our own stallholders wear: straps that cross at the back, and a pocket for "
            "twine and pencil.",
            "Heavy cotton, washed before it is cut, so that it fits on day one and on day thousand.",
        ),
        "A bib apron on a hook",
        (
            one("APRON-SAGE-R-P", 4200, 679_000, 15, 460, "Sage", "Regular", "Plain"),
            one("APRON-SAGE-L-P", 4200, 679_000, 11, 490, "Sage", "Long", "Plain"),
            one("APRON-SAGE-R-N", 4900, 789_000, 8, 460, "Sage", "Regular", "With name"),
            one("APRON-SAGE-L-N", 4900, 789_000, 6, 490, "Sage", "Long", "With name"),
            one("APRON-INK-R-P", 4200, 679_000, 18, 460, "Ink", "Regular", "Plain"),
            one("APRON-INK-L-P", 4200, 679_000, 0, 490, "Ink", "Long", "Plain"),
            one("APRON-INK-R-N", 4900, 789_000, 9, 460, "Ink", "Regular", "With name"),
            one("APRON-INK-L-N", 4900, 789_000, 4, 490, "Ink", "Long", "With name"),
        ),
        "cotton kitchen gift",
        ("Colour", "Length", "Embroidery"),
    ),
    product(
        "woven-cushion",
        "textiles",
        "Woven Cushion",
        "Loom Street",
        (
            "A cushion with a back: one side striped on a hand loom, the other plain for quiet days.",
            "45 cm square, cotton cover with a hidden zip, filled with kapok from East Java.",
        ),
        "A plump cushion with woven stripes",
        (
            one("CUSH-ROSE", 4600, 749_000, 20, 700, "Rose"),
            one("CUSH-INDIGO", 4600, 749_000, 16, 700, "Indigo"),
        ),
        "cotton home",
        ("Colour",),
    ),
    product(
        "wool-throw",
        "textiles",
        "Highland Wool Throw",
        "Flock",
        (
            "Warm without weight: wool from small flocks, spun thick and woven loose. It smells faintly of "
            "rain.",
            "130 by 180 cm. Air it often, wash it seldom, and cold.",
        ),
        "Three folded throws in a pile",
        (one("THROW-HONEY", 12800, 2_079_000, 9, 1300),),
        "wool home winter",
    ),
    product(
        "market-tote",
        "textiles",
        "Market Tote",
        "Pasar",
        (
            "Our bag. It carries a week of vegetables, stands on its own, and has handles made for "
            "shoulders.",
            "Recycled cotton canvas, 38 by 40 by 14 cm. The arch is the one above our front door.",
        ),
        "A canvas bag with an arch printed on it",
        (
            one("TOTE-CLAY", 1800, 289_000, 120, 310, "Clay"),
            one("TOTE-NIGHT", 1800, 289_000, 86, 310, "Night"),
        ),
        "cotton bag recycled",
        ("Colour",),
    ),
)
