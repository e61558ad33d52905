"""Plants and garden: for a balcony, a windowsill or half an acre."""

from __future__ import annotations

from pasar.shop.catalog.demo.model import one, product

GOODS = (
    product(
        "rimmed-planter",
        "plants-garden",
        "Rimmed Planter",
        "Kiln & Kin",
        (
            "A pot with a rim to lift it by and a hole where it should be. Fired hard enough for frost.",
            "Comes with its saucer. The plant is ours; you will find a better one.",
        ),
        "A rimmed pot with a leafy plant",
        (
            one("POT-14", 2800, 459_000, 30, 1200, "14 cm"),
            one("POT-20", 4400, 719_000, 18, 2600, "20 cm"),
            one("POT-26", 6900, 1_119_000, 7, 4800, "26 cm"),
        ),
        "ceramic plants",
        ("Width",),
    ),
    product(
        "balcony-watering-can",
        "plants-garden",
        "Balcony Watering Can",
        "Tinsmith Row",
        (
            "Slim enough for a shelf, with a long spout that finds the soil and not the leaves.",
            "1.6 litres, painted zinc. The balance point is where your hand is.",
        ),
        "A watering can with a long spout and drops",
        (
            one("CAN-SEA", 3600, 589_000, 25, 640, "Sea"),
            one("CAN-HONEY", 3600, 589_000, 12, 640, "Honey"),
        ),
        "metal plants",
        ("Colour",),
    ),
    product(
        "trowel-and-fork",
        "plants-garden",
        "Trowel and Fork",
        "Tinsmith Row",
        (
            "Two tools that feel like one decision. Forged steel, ash handles, a copper ring where they "
            "meet.",
            "Rub the blades with oil in autumn and your grandchildren will argue over them.",
        ),
        "A hand trowel and a fork, crossed",
        (one("TOOLS-TWO", 4700, 769_000, 16, 820),),
        "metal tools gift",
    ),
    product(
        "seed-packets",
        "plants-garden",
        "Three Packets of Summer",
        "Second Spring",
        (
            "Cosmos, marigold and zinnia: flowers that forgive beginners and bring the bees.",
            "Seed saved by four farms and tested this year. Sow after the last cold night.",
        ),
        "Three seed packets fanned out",
        (one("SEED-THREE", 1200, 195_000, 90, 40),),
        "seeds flowers gift",
    ),
    product(
        "garden-twine",
        "plants-garden",
        "Garden Twine",
        "Second Spring",
        (
            "Jute twine that holds a tomato and lets go of it in the compost. Eighty metres, wound tight.",
            "Undyed and untreated. Good for parcels, too.",
        ),
        "A ball of twine with a loose end",
        (one("TWINE-80", 900, 145_000, 75, 200),),
        "jute garden",
    ),
)
