"""Which rows does a draft change? Compares drafts with what is known, and writes nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pasar.kernel.ids import new_id
from pasar.shop.catalog.cleaning import clean_html
from pasar.shop.catalog.drafts import NewVariant, PictureDraft, ProductDraft, UpsertOutcome, VariantDraft
from pasar.shop.catalog.search_text import search_vector
from pasar.shop.catalog.upsert_reading import KnownProduct

Row = dict[str, Any]

PRODUCT_FIELDS = (
    "title", "description_html", "vendor", "category_id", "tags", "status", "option_names", "seo_title",
    "seo_description", "extra",
)  # fmt: skip
VARIANT_FIELDS = (
    "sku", "barcode", "weight_grams", "taxable", "requires_shipping", "allow_backorder", "is_active",
    "media_id", "extra",
)  # fmt: skip


@dataclass(slots=True)
class Plan:
    """Rows to write, by table, ready to travel as JSON."""

    new_products: list[Row] = field(default_factory=list)
    changed_products: list[Row] = field(default_factory=list)
    new_variants: list[Row] = field(default_factory=list)
    changed_variants: list[Row] = field(default_factory=list)
    prices: list[Row] = field(default_factory=list)
    new_media: list[Row] = field(default_factory=list)
    changed_media: list[Row] = field(default_factory=list)
    created: list[UUID] = field(default_factory=list)
    updated: list[UUID] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.created or self.updated)


def plan_product(
    plan: Plan, draft: ProductDraft, known: KnownProduct | None, category_id: UUID | None
) -> UpsertOutcome:
    """Add to `plan` what `draft` changes, and say what becomes of it."""
    if known is None and draft.partial:
        return UpsertOutcome(
            draft.handle, "refused", None, problem="There is no product of this handle to complete."
        )
    fields = _fields_as_known(known) if known and draft.partial else _fields(draft, category_id)
    if any(len(variant.option_values) != len(fields["option_names"]) for variant in draft.variants):
        return UpsertOutcome(
            draft.handle,
            "refused",
            None,
            problem="Each variant has one value for each option of its product.",
        )
    product_id = new_id() if known is None else known.row.id
    sizes = _sizes(plan)
    media = _plan_media(plan, draft, known, product_id)
    ids, made = _plan_variants(plan, draft, known, product_id, media)
    switched = _switched(draft, known)
    if known is not None and fields["option_names"] != known.row.option_names:
        _retire_others(plan, known, set(ids))
    row = {"id": product_id, "handle": draft.handle, **fields}
    if known is None:
        row["search"] = vector_of(fields, draft.variants)
        row["in_stock"] = any(_buyable(variant) for variant in draft.variants)
        plan.new_products.append(row)
        plan.created.append(product_id)
        return UpsertOutcome(draft.handle, "created", product_id, ids, made)
    if fields != _fields_as_known(known):
        plan.changed_products.append(row)
    elif _sizes(plan) == sizes:
        return UpsertOutcome(draft.handle, "unchanged", product_id, ids)
    plan.updated.append(product_id)
    return UpsertOutcome(draft.handle, "updated", product_id, ids, made, switched=switched)


def merge_drafts(first: ProductDraft, second: ProductDraft) -> ProductDraft:
    """Two drafts of one handle as one: the second's texts unless it is partial, the variants of both."""
    variants = {variant.option_values: variant for variant in (*first.variants, *second.variants)}
    pictures = {(p.source_url, p.picture_id): p for p in (*first.pictures, *second.pictures)}
    base = first if second.partial else second
    return replace(base, variants=tuple(variants.values()), pictures=tuple(pictures.values()))


def vector_of(fields: Row, variants: tuple[VariantDraft, ...]) -> str:
    """The words of a product that is all in its draft."""
    return search_vector(
        title=fields["title"],
        vendor=fields["vendor"],
        labels=[*fields["tags"], *dict.fromkeys(v for variant in variants for v in variant.option_values)],
        skus=[variant.sku for variant in variants if variant.sku],
        description_html=fields["description_html"],
    )


def _sizes(plan: Plan) -> tuple[int, ...]:
    lists = (plan.new_variants, plan.changed_variants, plan.prices, plan.new_media, plan.changed_media)
    return tuple(map(len, lists))


def _fields(draft: ProductDraft, category_id: UUID | None) -> Row:
    return {
        "title": draft.title.strip(),
        "description_html": clean_html(draft.description_html) if draft.description_html else "",
        "vendor": draft.vendor,
        "category_id": category_id,
        "tags": list(draft.tags),
        "status": draft.status,
        "option_names": list(draft.option_names),
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "extra": dict(draft.extra),
    }


def _fields_as_known(known: KnownProduct) -> Row:
    return _values(known.row, PRODUCT_FIELDS)


def _values(row: Any, names: tuple[str, ...]) -> Row:
    return {name: getattr(row, name) for name in names}


def _plan_media(
    plan: Plan, draft: ProductDraft, known: KnownProduct | None, product_id: UUID
) -> dict[str, UUID]:
    """Plan pictures; answer the media ids by source address."""
    there = known.media if known else []
    by_place: dict[tuple[str | None, UUID | None], Any] = {}
    for medium in there:
        by_place[_place_of(medium.source_url, medium.picture_id)] = medium
    ids = {medium.source_url: medium.id for medium in there if medium.source_url}
    first = 1 + max((medium.position for medium in there), default=-1) if draft.partial else 0
    added = 0
    for position, picture in enumerate(_distinct(draft.pictures), first):
        medium = by_place.get(_place_of(picture.source_url, picture.picture_id))
        if medium is None:
            medium_id = new_id()
            place = first + added if draft.partial else position
            plan.new_media.append(_medium_row(medium_id, product_id, picture, place))
            added += 1
            if picture.source_url:
                ids[picture.source_url] = medium_id
        elif (medium.alt, medium.position) != (picture.alt, medium.position if draft.partial else position):
            place = medium.position if draft.partial else position
            plan.changed_media.append({"id": medium.id, "alt": picture.alt, "position": place})
    return ids


def _place_of(source_url: str | None, picture_id: UUID | None) -> tuple[str | None, UUID | None]:
    """What tells one picture of a product from another: where it came from, else the stored picture."""
    return (source_url, None) if source_url else (None, picture_id)


def _distinct(pictures: tuple[PictureDraft, ...]) -> list[PictureDraft]:
    return list({_place_of(picture.source_url, picture.picture_id): picture for picture in pictures}.values())


def _medium_row(medium_id: UUID, product_id: UUID, picture: PictureDraft, position: int) -> Row:
    return {
        "id": medium_id,
        "product_id": product_id,
        "picture_id": picture.picture_id,
        "source_url": picture.source_url,
        "alt": picture.alt,
        "position": position,
        "status": "ready" if picture.picture_id else "waiting",
    }


def _plan_variants(
    plan: Plan, draft: ProductDraft, known: KnownProduct | None, product_id: UUID, media: dict[str, UUID]
) -> tuple[dict[tuple[str, ...], UUID], tuple[NewVariant, ...]]:
    there = known.variants if known else {}
    ids: dict[tuple[str, ...], UUID] = {}
    made: list[NewVariant] = []
    position = 1 + max((variant.position for variant in there.values()), default=-1)
    for variant in {variant.option_values: variant for variant in draft.variants}.values():
        row = _variant_row(variant, media)
        before = there.get(variant.option_values)
        if before is None:
            variant_id = new_id()
            made.append(NewVariant(variant_id, variant.on_hand, variant.allow_backorder))
            names = {"id": variant_id, "product_id": product_id, "option_values": variant.option_values}
            texts = {"title": " / ".join(variant.option_values), "position": position}
            plan.new_variants.append(names | texts | row | {"in_stock": _buyable(variant)})
            position += 1
        else:
            variant_id = before.id
            if row != _values(before, VARIANT_FIELDS):
                plan.changed_variants.append({"id": variant_id, **row})
        ids[variant.option_values] = variant_id
        _plan_price(plan, variant, variant_id, before)
    return ids, tuple(made)


def _switched(draft: ProductDraft, known: KnownProduct | None) -> dict[UUID, bool]:
    """Known variants whose switch "may be backordered" the draft changes, and to what."""
    there = known.variants if known else {}
    wanted = {variant.option_values: variant.allow_backorder for variant in draft.variants}
    return {
        there[values].id: allowed
        for values, allowed in wanted.items()
        if values in there and there[values].allow_backorder != allowed
    }


def _variant_row(variant: VariantDraft, media: dict[str, UUID]) -> Row:
    return {
        "sku": variant.sku,
        "barcode": variant.barcode,
        "weight_grams": variant.weight_grams,
        "taxable": variant.taxable,
        "requires_shipping": variant.requires_shipping,
        "allow_backorder": variant.allow_backorder,
        "is_active": True,
        "media_id": media.get(variant.picture_url) if variant.picture_url else None,
        "extra": dict(variant.extra),
    }


def _plan_price(plan: Plan, variant: VariantDraft, variant_id: UUID, before: Any) -> None:
    if variant.price_minor is None:
        return
    old, old_compare = (before.amount, before.compare_at) if before is not None else (None, None)
    if (old, old_compare) == (variant.price_minor, variant.compare_at_minor):
        return
    plan.prices.append(
        {
            "id": new_id(),
            "change_id": new_id(),
            "variant_id": variant_id,
            "amount": variant.price_minor,
            "compare_at": variant.compare_at_minor,
            "old_amount": old,
            "old_compare_at": old_compare,
        }
    )


def _retire_others(plan: Plan, known: KnownProduct, kept: set[tuple[str, ...]]) -> None:
    """With other options, variants of the old ones mean nothing any more: nobody can choose them."""
    for values, variant in known.variants.items():
        if values not in kept and variant.is_active:
            row = _values(variant, VARIANT_FIELDS)
            plan.changed_variants.append({"id": variant.id, **row, "is_active": False})


def _buyable(variant: VariantDraft) -> bool:
    return variant.allow_backorder or (variant.on_hand or 0) > 0
