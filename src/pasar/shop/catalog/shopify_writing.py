"""How is the catalogue written as a Shopify product CSV?"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TextIO

from pasar.shop.catalog.shopify_cells import price_text
from pasar.shop.catalog.shopify_columns import is_variant_extra
from pasar.shop.catalog.shopify_product import ShopifyImage, ShopifyProduct, ShopifyVariant

_PRODUCT: Final = ("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published")
_OPTIONS: Final = tuple(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value"))
_VARIANT: Final = (
    "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
)  # fmt: skip
_IMAGE: Final = ("Image Src", "Image Position", "Image Alt Text")
_PAGE: Final = ("Gift Card", "SEO Title", "SEO Description")
_END: Final = ("Variant Image", "Status")

STANDARD_EXTRAS: Final = (
    "Google Shopping / Google Product Category", "Google Shopping / Gender", "Google Shopping / Age Group",
    "Google Shopping / MPN", "Google Shopping / AdWords Grouping", "Google Shopping / AdWords Labels",
    "Google Shopping / Condition", "Google Shopping / Custom Product", "Google Shopping / Custom Label 0",
    "Google Shopping / Custom Label 1", "Google Shopping / Custom Label 2",
    "Google Shopping / Custom Label 3", "Google Shopping / Custom Label 4", "Variant Inventory Tracker",
    "Variant Fulfillment Service", "Variant Weight Unit", "Variant Tax Code", "Cost per item",
)  # fmt: skip
"""The further columns of Shopify's own export, in its order: what the catalogue carries without using it."""


def extra_columns_of(products: Iterable[ShopifyProduct]) -> tuple[str, ...]:
    """Return the headings of all extras of these products that Shopify's own export does not have."""
    names: dict[str, None] = {}
    for product in products:
        names.update(dict.fromkeys(product.extra))
        for variant in product.variants:
            names.update(dict.fromkeys(variant.extra))
    return tuple(name for name in names if name not in STANDARD_EXTRAS)


def write_products(
    products: Iterable[ShopifyProduct],
    text_stream: TextIO,
    *,
    currency: str,
    extra_columns: Sequence[str] = (),
) -> frozenset[str]:
    """Write the heading and the rows of `products`; reading them again gives equal products.

    `text_stream` is opened with `newline=""`. `extra_columns` follow Shopify's own columns: the heading is
    written before the first product, so they must be known (`extra_columns_of`). Returns the headings of
    extras that had a value but no column, empty when nothing was lost.
    """
    extras = (
        *STANDARD_EXTRAS,
        *(name for name in dict.fromkeys(extra_columns) if name not in STANDARD_EXTRAS),
    )
    of_product = tuple(name for name in extras if not is_variant_extra(name))
    of_variant = tuple(name for name in extras if is_variant_extra(name))
    writer = csv.writer(text_stream)
    writer.writerow((*_PRODUCT, *_OPTIONS, *_VARIANT, *_IMAGE, *_PAGE, *of_product, *of_variant, *_END))
    lost: set[str] = set()
    for product in products:
        lost.update(product.extra.keys() - set(of_product))
        for variant in product.variants:
            lost.update(variant.extra.keys() - set(of_variant))
        writer.writerows(_rows(product, currency, of_product, of_variant))
    return frozenset(lost)


def _rows(
    product: ShopifyProduct, currency: str, of_product: Sequence[str], of_variant: Sequence[str]
) -> Iterator[list[str]]:
    for number in range(max(len(product.variants), len(product.images), 1)):
        first = number == 0
        variant = product.variants[number] if number < len(product.variants) else None
        image = product.images[number] if number < len(product.images) else None
        yield [
            product.handle,
            *(_product_cells(product) if first else ("",) * 6),
            *_option_cells(product, variant, first=first),
            *(_variant_cells(variant, currency) if variant else ("",) * len(_VARIANT)),
            *_image_cells(image),
            *(
                (_truth(product.gift_card), product.seo_title, product.seo_description)
                if first
                else ("",) * 3
            ),
            *((product.extra.get(name, "") if first else "") for name in of_product),
            *((variant.extra.get(name, "") if variant else "") for name in of_variant),
            (variant.image_src or "") if variant else "",
            product.status if first else "",
        ]


def _product_cells(product: ShopifyProduct) -> tuple[str, ...]:
    return (
        product.title,
        product.body_html,
        product.vendor,
        product.product_type,
        ", ".join(product.tags),
        _truth(product.published),
    )


def _option_cells(product: ShopifyProduct, variant: ShopifyVariant | None, *, first: bool) -> Iterator[str]:
    names = product.options
    values = variant.options if variant else ()
    if variant and not names and not values:
        names, values = ("Title",), ("Default Title",)
    for place in range(3):
        yield names[place] if first and place < len(names) else ""
        yield values[place] if place < len(values) else ""


def _variant_cells(variant: ShopifyVariant, currency: str) -> tuple[str, ...]:
    return (
        variant.sku or "",
        str(variant.weight_grams),
        "" if variant.quantity is None else str(variant.quantity),
        variant.policy,
        price_text(variant.price_minor, currency),
        "" if variant.compare_at_minor is None else price_text(variant.compare_at_minor, currency),
        _truth(variant.requires_shipping),
        _truth(variant.taxable),
        variant.barcode or "",
    )


def _image_cells(image: ShopifyImage | None) -> tuple[str, ...]:
    return (image.src, str(image.position), image.alt) if image else ("", "", "")


def _truth(value: bool) -> str:
    return "true" if value else "false"
