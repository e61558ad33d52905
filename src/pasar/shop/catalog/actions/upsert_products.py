"""Make or change hundreds of products at once: the door of importers and of the demo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.stamp_products import next_revision, stamp_products
from pasar.shop.catalog.draft_problems import draft_problem
from pasar.shop.catalog.drafts import ProductDraft, UpsertOutcome
from pasar.shop.catalog.events import ProductsUpserted
from pasar.shop.catalog.handles import slug
from pasar.shop.catalog.upsert_planning import Plan, merge_drafts, plan_product
from pasar.shop.catalog.upsert_reading import KnownProduct, known_categories, known_products, sku_owners
from pasar.shop.catalog.upsert_writing import NEW_CATEGORIES, write_plan, write_rows


async def upsert_products(
    session: AsyncSession,
    company_id: UUID,
    items: Sequence[ProductDraft],
    *,
    author: str,
    currency: str,
    at: datetime,
    unique_skus: bool = False,
) -> list[UpsertOutcome]:
    """Write `items` and answer an outcome for each, in their order. Some hundreds per call are best.

    A product is known by its handle, a variant by its option values; only prices in `currency` are touched.
    Doing it again changes nothing. Drafts of one handle in one call count as one product, whose new variants
    the first of their outcomes names. `author` stands in the price history. With `unique_skus` a draft with
    a SKU of another product is refused. The statements per call do not depend on the number of items.

    The catalogue's revision is taken before the rows are written (other writers of this company wait for the
    rest of the transaction), which saves writing each new product twice: so commit soon.
    """
    refused, drafts = _sort_out(items)
    outcomes = await _taken_skus(session, company_id, drafts) if unique_skus else {}
    known = await known_products(session, company_id, drafts, currency)
    categories = await _categories(session, company_id, list(drafts.values()))
    plan = Plan()
    for handle, draft in drafts.items():
        if handle not in outcomes:
            outcomes[handle] = _plan_one(plan, draft, known.get(handle), categories)
    if plan:
        await _write(session, company_id, plan, currency=currency, author=author, at=at)
    return [refused.get(position) or _once(outcomes, item.handle) for position, item in enumerate(items)]


def _sort_out(items: Sequence[ProductDraft]) -> tuple[dict[int, UpsertOutcome], dict[str, ProductDraft]]:
    """The refused by position, and the others by handle, those of one handle merged."""
    refused: dict[int, UpsertOutcome] = {}
    drafts: dict[str, ProductDraft] = {}
    for position, item in enumerate(items):
        before = drafts.get(item.handle)
        problem = draft_problem(item)
        if not problem and before and item.partial and not before.partial:
            problem = draft_problem(merge_drafts(before, item))
        if problem:
            refused[position] = _refusal(item, problem)
        else:
            drafts[item.handle] = merge_drafts(before, item) if before else item
    return refused, drafts


def _refusal(draft: ProductDraft, problem: str) -> UpsertOutcome:
    return UpsertOutcome(draft.handle, "refused", None, problem=problem)


def _plan_one(
    plan: Plan, draft: ProductDraft, known: KnownProduct | None, categories: dict[str, UUID]
) -> UpsertOutcome:
    handle = _category_handle(draft)
    if handle and handle not in categories:
        return _refusal(draft, f"There is no category of the handle {handle}. Name its title to make it.")
    return plan_product(plan, draft, known, categories[handle] if handle else None)


def _once(outcomes: dict[str, UpsertOutcome], handle: str) -> UpsertOutcome:
    """The outcome of a handle; new variants are named by the first only, so that stock is set once."""
    outcome = outcomes[handle]
    if outcome.new_variants:
        outcomes[handle] = UpsertOutcome(handle, outcome.outcome, outcome.product_id, outcome.variants)
    return outcome


async def _taken_skus(
    session: AsyncSession, company_id: UUID, drafts: dict[str, ProductDraft]
) -> dict[str, UpsertOutcome]:
    """Refusals of drafts with a SKU that another product, or another of their variants, has."""
    skus = {variant.sku for draft in drafts.values() for variant in draft.variants if variant.sku}
    owners = await sku_owners(session, company_id, skus)
    refusals: dict[str, UpsertOutcome] = {}
    for handle, draft in drafts.items():
        seen: set[str] = set()
        for sku in (variant.sku for variant in draft.variants if variant.sku):
            if sku in seen or owners.setdefault(sku, set()) - {handle}:
                refusals[handle] = _refusal(
                    draft, f"The SKU {sku} is taken, and this company keeps SKUs unique."
                )
            seen.add(sku)
        if handle not in refusals:
            for sku in seen:
                owners[sku].add(handle)
    return refusals


def _category_handle(draft: ProductDraft) -> str | None:
    if draft.category_handle:
        return draft.category_handle
    title = (draft.category_title or "").strip()
    return (slug(title) or title) if title else None


async def _categories(
    session: AsyncSession, company_id: UUID, drafts: Sequence[ProductDraft]
) -> dict[str, UUID]:
    """The ids of the categories that drafts name, by handle; those with a title are made when missing."""
    wanted = {handle: draft.category_title for draft in drafts if (handle := _category_handle(draft))}
    known = await known_categories(session, company_id, wanted)
    missing = [
        {"id": new_id(), "handle": handle, "title": title.strip()}
        for handle, title in sorted(wanted.items())
        if title and handle not in known
    ]
    if not missing:
        return known
    await write_rows(session, NEW_CATEGORIES, company_id, missing)
    return await known_categories(session, company_id, wanted)


async def _write(
    session: AsyncSession, company_id: UUID, plan: Plan, *, currency: str, author: str, at: datetime
) -> None:
    fact = ProductsUpserted(batch_id=new_id(), created=tuple(plan.created), updated=tuple(plan.updated))
    await record(session, company_id, fact, at=at)
    revision = await next_revision(session, company_id)
    await write_plan(session, company_id, plan, revision=revision, currency=currency, author=author, at=at)
    if plan.updated:
        await stamp_products(session, company_id, plan.updated, at=at)
