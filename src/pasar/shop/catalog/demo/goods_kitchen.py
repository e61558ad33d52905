"""Kitchen and table: what the demo's potters and turners bring."""

from __future__ import annotations

from pasar.shop.catalog.demo.model import DemoVariant, one, product

GOODS = (
    product(
        "dawn-mug",
        "kitchen-table",
        "Dawn Mug",
        "Kiln & Kin",
        (
            "A heavy mug with a thin lip, thrown for slow mornings. It holds 320 ml and keeps its warmth to "
            "the last sip.",
            "Glazed inside, bare and smooth outside. Dishwasher safe, though it likes a soft sponge better.",
        ),
        "A round-handled clay mug with steam above it",
        (
            one("MUG-CLAY", 2400, 389_000, 48, 410, "Clay"),
            one("MUG-SEA", 2400, 389_000, 31, 410, "Sea"),
            one("MUG-MOSS", 2400, 389_000, 17, 410, "Moss"),
        ),
        "ceramic coffee gift",
        ("Colour",),
    ),
    product(
        "ripple-serving-bowl",
        "kitchen-table",
        "Ripple Serving Bowl",
        "Kiln & Kin",
        (
            "A wide bowl for the middle of the table. The potter's fingers leave a ripple that no two bowls "
            "share.",
            "28 cm across, on a foot that lifts it clear of the cloth. Safe in the oven up to 180 °C.",
        ),
        "A wide footed bowl with three limes",
        (one("BOWL-RIPPLE", 5800, 939_000, 22, 1450),),
        "ceramic table gift",
    ),
    product(
        "mango-wood-board",
        "kitchen-table",
        "Mango Wood Board",
        "Tukang & Daughters",
        (
            "One plank, one handle, no glue. Cut from mango trees that no longer bear, and oiled by hand "
            "three times.",
            "Wipe it, dry it standing, and oil it when it looks thirsty.",
        ),
        "A wooden serving board with a loaf in front",
        (
            one("BOARD-S", 3200, 519_000, 26, 900, "Small"),
            one("BOARD-L", 4800, 779_000, 14, 1600, "Large"),
        ),
        "wood table bread",
        ("Size",),
    ),
    product(
        "round-teapot",
        "kitchen-table",
        "Round Teapot",
        "Kiln & Kin",
        (
            "Four cups, no drip. The spout took eleven tries and now pours a clean line from first to last.",
            "Comes with a fine steel basket for loose leaves. The lid stays put when you tilt it.",
        ),
        "A round teapot with its spout to the left",
        (DemoVariant("POT-ROUND", (), 5400, 87_500_000, 19, 980, 6800, 109_900_000),),
        "ceramic tea gift sale",
    ),
    product(
        "night-carafe",
        "kitchen-table",
        "Night Carafe",
        "Clear Works",
        (
            "Water for the bedside, under a glass that is also its lid. Blown from bottles that came back.",
            "Holds 750 ml. Bubbles and a faint green are signs of its earlier life.",
        ),
        "A glass carafe, half full, under an upturned glass",
        (one("CARAFE-NIGHT", 3900, 629_000, 0, 720),),
        "glass recycled bedroom",
    ),
)
