"""Which draft of a product is a product of a Shopify file?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pasar.shop.catalog.draft_problems import variant_problem
from pasar.shop.catalog.drafts import PictureDraft, ProductDraft, ProductStatus, VariantDraft
from pasar.shop.catalog.shopify_product import Problem, ShopifyProduct, ShopifyVariant

GIFT_CARD: Final = "Gift Card"
"""Where the catalogue keeps that a product is a gift card: it carries the mark without using it."""


@dataclass(frozen=True, slots=True)
class DraftedProduct:
    """A draft, with what the report needs to name its place in the file.

    `lines` is the physical line of each variant, by its option values.
    """

    draft: ProductDraft
    line: int
    rows: int
    problems: tuple[Problem, ...]
    lines: dict[tuple[str, ...], int]


def drafted(product: ShopifyProduct) -> DraftedProduct:
    """The draft of `product`. A variant that the catalogue cannot take is left out and reported."""
    problems: list[Problem] = []
    variants: list[VariantDraft] = []
    lines: dict[tuple[str, ...], int] = {}
    for given in product.variants:
        variant = _variant(given)
        problem = variant_problem(variant)
        if problem:
            problems.append(Problem(given.line, "", "variant_refused", problem, "error"))
        else:
            variants.append(variant)
            lines[variant.option_values] = given.line
    return DraftedProduct(
        _draft(product, tuple(variants)),
        product.line,
        max(len(product.variants), len(product.images), 1),
        tuple(problems),
        lines,
    )


def _draft(product: ShopifyProduct, variants: tuple[VariantDraft, ...]) -> ProductDraft:
    extra = {**product.extra, **({GIFT_CARD: "true"} if product.gift_card else {})}
    return ProductDraft(
        handle=product.handle,
        title=product.title,
        description_html=product.body_html,
        vendor=product.vendor,
        category_title=product.product_type or None,
        tags=product.tags,
        status=_status(product),
        option_names=product.options,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        extra=extra,
        variants=variants,
        pictures=_pictures(product),
        partial=product.repeat,
    )


def _status(product: ShopifyProduct) -> ProductStatus:
    """Shown to shoppers only when the file says both: active, and published on the online store."""
    return "draft" if product.status == "active" and not product.published else product.status


def _pictures(product: ShopifyProduct) -> tuple[PictureDraft, ...]:
    """The product's pictures in their order, then those that only a variant names."""
    words = {image.src: image.alt for image in sorted(product.images, key=lambda image: image.position)}
    for variant in product.variants:
        if variant.image_src:
            words.setdefault(variant.image_src, "")
    return tuple(PictureDraft(source_url=address, alt=alt) for address, alt in words.items())


def _variant(variant: ShopifyVariant) -> VariantDraft:
    return VariantDraft(
        option_values=variant.options,
        sku=variant.sku,
        barcode=variant.barcode,
        weight_grams=variant.weight_grams,
        taxable=variant.taxable,
        requires_shipping=variant.requires_shipping,
        allow_backorder=variant.policy == "continue",
        price_minor=variant.price_minor,
        compare_at_minor=variant.compare_at_minor,
        extra=variant.extra,
        picture_url=variant.image_src,
        on_hand=variant.quantity,
    )
