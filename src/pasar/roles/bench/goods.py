"""A catalogue as large as wanted, of goods that could exist: the same on every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from pasar.roles.bench.shop_facts import HOT_HANDLE
from pasar.shop.catalog.drafts import ProductDraft, VariantDraft

VARIANTS_EACH: Final = 5
HOT_STOCK: Final = 1_000_000
SEED: Final = 20261120
QUALITIES: Final = (
    *("Amber", "Autumn", "Brushed", "Canvas", "Cedar", "Classic", "Coastal", "Copper", "Crimson", "Evening"),
    *("Everyday", "Feather", "Folding", "Forest", "Glazed", "Golden", "Harbour", "Heritage", "Ivory", "Jade"),
    *("Lantern", "Linen", "Lunar", "Marble", "Meadow", "Midnight", "Monsoon", "Nordic", "Oak", "Pebble"),
    *("Quilted", "Rattan", "River", "Rustic", "Saffron", "Silver", "Summer", "Timber", "Velvet", "Woven"),
)
MATERIALS: Final = (
    *("Bamboo", "Batik", "Brass", "Ceramic", "Cork", "Cotton", "Denim", "Felt", "Glass", "Granite"),
    *("Hemp", "Leather", "Maple", "Merino", "Porcelain", "Silk", "Steel", "Stoneware", "Teak", "Wool"),
)
KINDS: Final = {
    "Kitchen": ("Bowl", "Kettle", "Ladle", "Mug", "Plate", "Teapot", "Tray"),
    "Living": ("Blanket", "Cushion", "Lamp", "Mirror", "Rug", "Stool", "Vase"),
    "Clothing": ("Apron", "Jacket", "Sarong", "Scarf", "Shirt", "Socks", "Sweater"),
    "Bags": ("Backpack", "Basket", "Pouch", "Purse", "Satchel", "Suitcase", "Tote"),
    "Garden": ("Bench", "Birdhouse", "Hammock", "Planter", "Shears", "Trowel", "Watering Can"),
    "Stationery": ("Bookmark", "Calendar", "Envelope", "Notebook", "Pencil", "Sketchbook", "Stamp"),
    "Toys": ("Kite", "Marbles", "Puppet", "Puzzle", "Rattle", "Spinning Top", "Train"),
    "Bath": ("Brush", "Candle", "Robe", "Soap", "Sponge", "Towel", "Washcloth"),
}
VENDORS: Final = ("Anggrek", "Borneo & Co", "Cahaya", "Delima", "Elang", "Fajar", "Gading", "Harum", "Intan")
SIZES: Final = ("Small", "Medium", "Large", "Family", "Grand")


def bench_goods(variants: int) -> Iterator[ProductDraft]:
    """Products of five sizes each, `variants` in all (rounded up to five), and one that never runs out.

    Prices are in cents.
    """
    chance = random.Random(SEED)  # noqa: S311  nothing to guard: the same goods every time
    kinds = [(category, kind) for category, names in KINDS.items() for kind in names]
    yield _hot_item()
    for number in range(-(-variants // VARIANTS_EACH)):
        category, kind = kinds[number % len(kinds)]
        yield _product(number, category, kind, chance)


def _product(number: int, category: str, kind: str, chance: random.Random) -> ProductDraft:
    quality, material = chance.choice(QUALITIES), chance.choice(MATERIALS)
    title = f"{quality} {material} {kind}"
    handle = f"{title.lower().replace(' ', '-')}-{number}"
    first = chance.randrange(400, 20_000)
    return ProductDraft(
        handle=handle,
        title=title,
        description_html=(
            f"<p>A {kind.lower()} of {material.lower()}, made in small batches for the "
            f"{category.lower()}. {quality} by name and by nature, and it ages well.</p>"
        ),
        vendor=chance.choice(VENDORS),
        category_title=category,
        tags=(material.lower(), category.lower()),
        option_names=("Size",),
        variants=tuple(
            VariantDraft(
                option_values=(size,),
                sku=f"B{number:06d}-{place}",
                weight_grams=200 + 150 * place,
                price_minor=first + first * place // 4,
                on_hand=chance.randrange(200, 2_000),
            )
            for place, size in enumerate(SIZES)
        ),
    )


def _hot_item() -> ProductDraft:
    """What everybody wants at once."""
    only = VariantDraft(sku="B-HOT", weight_grams=300, price_minor=1_999, on_hand=HOT_STOCK)
    return ProductDraft(
        handle=HOT_HANDLE, title="Lantern of the Day", category_title="Living", variants=(only,)
    )
