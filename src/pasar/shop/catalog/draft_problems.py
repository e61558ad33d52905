"""What is wrong with a draft? Limits of the catalogue's texts and numbers, for staff and importers alike."""

from __future__ import annotations

from collections.abc import Iterable

from pasar.kernel.money import BIGINT_MAX
from pasar.shop.catalog.drafts import ProductDraft, VariantDraft

TITLE_LENGTH = 255
SKU_LENGTH = 255  # as in Shopify; real files hold SKUs of 80 and more
OPTION_LENGTH = 255
TEXT_LENGTH = 512_000
MOST_OPTIONS = 3
MOST_VARIANTS = 2_000
GREATEST_WEIGHT = 2**31 - 1


def draft_problem(draft: ProductDraft) -> str | None:
    """Say why this draft cannot become a product, or None when it can."""
    if not draft.partial:
        problem = _texts_problem(draft) or _options_problem(draft)
        if problem:
            return problem
    if len(draft.variants) > MOST_VARIANTS:
        return f"A product has at most {MOST_VARIANTS} variants."
    return next((p for p in map(variant_problem, draft.variants) if p), None)


def variant_problem(variant: VariantDraft) -> str | None:
    """Say why this variant cannot be taken, or None when it can."""
    if _holds_nul(
        [*variant.option_values, variant.sku or "", variant.barcode or "", *variant.extra.values()]
    ):
        return "A text holds the character NUL."
    if variant.sku is not None and not 1 <= len(variant.sku) <= SKU_LENGTH:
        return f"A SKU has 1 to {SKU_LENGTH} characters."
    if any(not value.strip() or len(value) > OPTION_LENGTH for value in variant.option_values):
        return f"An option value has 1 to {OPTION_LENGTH} characters."
    if not 0 <= variant.weight_grams <= GREATEST_WEIGHT:
        return "A weight is 0 or more grams, and at most 2,147,483,647."
    if any(
        not 0 <= (amount or 0) <= BIGINT_MAX for amount in (variant.price_minor, variant.compare_at_minor)
    ):
        return "A price is not below zero."
    return None


def _texts_problem(draft: ProductDraft) -> str | None:
    if not 1 <= len(draft.title.strip()) <= TITLE_LENGTH:
        return f"A title has 1 to {TITLE_LENGTH} characters."
    if not draft.handle or len(draft.handle) > TITLE_LENGTH:
        return f"A handle has 1 to {TITLE_LENGTH} characters."
    if len(draft.description_html) > TEXT_LENGTH:
        return f"A description has at most {TEXT_LENGTH} characters."
    texts = [
        draft.title,
        draft.handle,
        draft.description_html,
        draft.vendor,
        draft.seo_title,
        draft.category_title or "",
    ]
    if _holds_nul([*texts, draft.seo_description, *draft.tags, *draft.option_names, *draft.extra.values()]):
        return "A text holds the character NUL."
    return None


def _options_problem(draft: ProductDraft) -> str | None:
    names = draft.option_names
    if len(names) > MOST_OPTIONS:
        return f"A product has at most {MOST_OPTIONS} options."
    if len({name.casefold() for name in names}) < len(names):
        return "Two options have the same name."
    if any(not name.strip() or len(name) > OPTION_LENGTH for name in names):
        return f"An option name has 1 to {OPTION_LENGTH} characters."
    if any(len(variant.option_values) != len(names) for variant in draft.variants):
        return "Each variant has one value for each option of its product."
    return None


def _holds_nul(texts: Iterable[str]) -> bool:
    return any("\0" in text for text in texts)
