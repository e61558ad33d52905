"""Stationery: paper, pencils and ink for people who still write."""

from __future__ import annotations

from pasar.shop.catalog.demo.model import one, product

GOODS = (
    product(
        "cloth-notebook",
        "stationery",
        "Cloth Notebook",
        "Folio & Thread",
        (
            "Opens flat, stays flat. 192 pages of cream paper that ink does not shine through, bound in "
            "book cloth.",
            "A5, sewn in sixteens, with a ribbon. Numbered pages and an empty index for the orderly.",
        ),
        "A cloth-bound notebook with a ribbon",
        (
            one("NOTE-PLUM-D", 2200, 359_000, 40, 380, "Plum", "Dotted"),
            one("NOTE-PLUM-L", 2200, 359_000, 35, 380, "Plum", "Lined"),
            one("NOTE-SEA-D", 2200, 359_000, 28, 380, "Sea", "Dotted"),
            one("NOTE-SEA-L", 2200, 359_000, 30, 380, "Sea", "Lined"),
        ),
        "paper writing gift",
        ("Colour", "Paper"),
    ),
    product(
        "pencil-set",
        "stationery",
        "Five Good Pencils",
        "Folio & Thread",
        (
            "From 2H for plans to 4B for second thoughts. Cedar, sharpened by hand, in a cup that outlasts "
            "them.",
            "The cup is stoneware from Kiln & Kin, and does well with toothbrushes too.",
        ),
        "Five pencils in a stoneware cup",
        (one("PENCIL-FIVE", 1900, 309_000, 57, 340),),
        "writing gift",
    ),
    product(
        "letter-set",
        "stationery",
        "Letter Set",
        "Folio & Thread",
        (
            "Twelve sheets, twelve envelopes, one stick of sealing wax. Everything but the courage.",
            "Mulberry paper with a soft tooth. A letter in it takes a fountain pen gladly.",
        ),
        "A letter in an envelope with a wax seal",
        (one("LETTER-12", 2600, 419_000, 33, 290),),
        "paper writing gift",
    ),
    product(
        "bottle-of-ink",
        "stationery",
        "Bottle of Ink",
        "Blue Hour",
        (
            "A blue that is nearly black until it dries. Mixed in small batches, kind to pens, slow to fade.",
            "50 ml in a bottle with a low centre, so that a nib reaches the last drop. Pen not included.",
        ),
        "A bottle of ink with a dip pen leaning on it",
        (
            one("INK-NIGHT", 2100, 339_000, 3, 180, "Night"),
            one("INK-PLUM", 2100, 339_000, 21, 180, "Plum"),
        ),
        "writing ink",
        ("Colour",),
    ),
    product(
        "desk-calendar",
        "stationery",
        "Desk Calendar",
        "Folio & Thread",
        (
            "A month at a glance, a dot for each day. Fill in the dots that mattered.",
            "Thick recycled board with a wire back that stands by itself. Undated, so it begins when you do.",
        ),
        "A standing calendar with one day marked",
        (one("CAL-DOTS", 2400, 389_000, 44, 420),),
        "paper desk recycled",
    ),
)
