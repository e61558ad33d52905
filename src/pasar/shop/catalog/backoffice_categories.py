"""Categories in the back office: the tree, and each category to be changed, moved or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.actions.change_category import change_category
from pasar.shop.catalog.actions.create_category import create_category
from pasar.shop.catalog.actions.remove_category import remove_category
from pasar.shop.catalog.admin_queries import staff_categories
from pasar.shop.catalog.admin_schemas import CategoryChange, CategoryIn
from pasar.shop.catalog.backoffice_page import category_choices
from pasar.shop.catalog.backoffice_words import REFUSALS
from pasar.shop.catalog.models import Category, Product
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice

__all__ = ["CATEGORY_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/categories"
ONE: Final = HOME + "/{category_id:uuid}"
READ, WRITE = [staff_page("catalog:read")], [staff_page("catalog:write")]
LONGEST: Final = 600_000
FIELDS: Final = ("title", "handle", "description", "parent_id", "position")

admin_menu.add(MenuEntry(N_("Categories"), HOME, "list", group="goods", permission="catalog:read", order=20))
register_notice("category-made", "success", N_("The category is made."))
register_notice("category-removed", "success", N_("The category is gone."))


@dataclass(frozen=True, slots=True)
class Branch:
    """A category in the tree; `depth` counts from 0, `products` those right in it."""

    category: Category
    depth: int
    products: int


@get(HOME, guards=READ, include_in_schema=False)
async def show_categories(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the tree of all categories, switched-off ones included."""
    async with runtime.database.transaction() as session:
        categories = await staff_categories(session, context.company_id)
        counted = await _products_in(session, context.company_id)
    return await page_response(
        request, "shop/catalog/backoffice/categories.html", branches=_branches(categories, counted)
    )


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_category(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for a new category."""
    values = dict.fromkeys(FIELDS, "") | {"position": "0", "is_active": True}
    values["parent_id"] = text_of(request.query_params, "parent")
    return await _form(request, context, runtime, None, values, {})


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def make_category(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Make a category."""
    values = await _values(request)
    data, errors = input_of(CategoryIn, _raw(values), translator(context.locale))
    if data is not None:
        try:
            async with runtime.database.transaction() as session:
                await create_category(session, context.company_id, data)
            return see_other(HOME, notice="category-made")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context)
    return await _form(request, context, runtime, None, values, errors)


@get(ONE, guards=READ, include_in_schema=False)
async def show_category_page(
    request: AnyRequest, context: Context, runtime: Runtime, category_id: UUID
) -> Response[bytes]:
    """Show one category to be changed."""
    category = await _find(runtime, context, category_id)
    values = {
        "title": category.title,
        "handle": category.handle,
        "description": category.description,
        "parent_id": str(category.parent_id or ""),
        "position": str(category.position),
        "is_active": category.is_active,
    }
    return await _form(request, context, runtime, category, values, {})


@post(ONE, guards=WRITE, include_in_schema=False)
async def edit_category(
    request: AnyRequest, context: Context, runtime: Runtime, category_id: UUID
) -> Response[bytes]:
    """Rename, move or switch a category."""
    category = await _find(runtime, context, category_id)
    values = await _values(request)
    data, errors = input_of(CategoryChange, _raw(values), translator(context.locale))
    if data is not None:
        try:
            async with runtime.database.transaction() as session:
                await change_category(session, context.company_id, category_id, data)
            return see_other(HOME, notice="saved")
        except (Conflict, Unprocessable) as problem:
            errors = _errors(problem, context)
    return await _form(request, context, runtime, category, values, errors)


@get(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_category(
    request: AnyRequest, context: Context, runtime: Runtime, category_id: UUID
) -> Response[bytes]:
    """Ask before a category goes, and where its goods go."""
    return await _ask(request, context, runtime, category_id, {})


@post(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def drop_category(
    request: AnyRequest, context: Context, runtime: Runtime, category_id: UUID
) -> Response[bytes]:
    """Remove a category; what is in it moves where staff say, else the removal is refused with its reason."""
    form = await request.form()
    target = parse_id(text_of(form, "move_to"))
    try:
        async with runtime.database.transaction() as session:
            await remove_category(session, context.company_id, category_id, move_to=target)
    except (Conflict, Unprocessable) as problem:
        said = next(iter(_errors(problem, context).values()))
        return await _ask(request, context, runtime, category_id, {"move_to": said})
    return see_other(HOME, notice="category-removed")


CATEGORY_BACKOFFICE = (
    show_categories,
    new_category,
    make_category,
    show_category_page,
    edit_category,
    ask_remove_category,
    drop_category,
)


async def _find(runtime: Runtime, context: Context, category_id: UUID) -> Category:
    async with runtime.database.transaction() as session:
        for category in await staff_categories(session, context.company_id):
            if category.id == category_id:
                return category
    raise NotFound("category_not_found", "There is no such category.")


async def _products_in(session: AsyncSession, company_id: UUID) -> dict[UUID | None, int]:
    counts = (
        select(Product.category_id, func.count())
        .where(Product.company_id == company_id, Product.status != "archived")
        .group_by(Product.category_id)
    )
    return {row[0]: row[1] for row in await session.execute(counts)}


def _branches(categories: Sequence[Category], counted: Mapping[UUID | None, int]) -> list[Branch]:
    """The tree from top to bottom, each branch whole before the next."""
    by_id = {str(category.id): category for category in categories}
    return [
        Branch(by_id[key], len(label) - len(label.lstrip("\t")), counted.get(by_id[key].id, 0))
        for key, label in category_choices(categories, dash="\t")
    ]


async def _values(request: AnyRequest) -> dict[str, Any]:
    form = await request.form()
    values: dict[str, Any] = {name: text_of(form, name, LONGEST) for name in FIELDS}
    values["is_active"] = bool(text_of(form, "is_active"))
    return values


def _raw(values: Mapping[str, Any]) -> dict[str, Any]:
    raw = {
        "title": values["title"],
        "handle": values["handle"],
        "description": values["description"],
        "parentId": values["parent_id"] or None,
        "position": values["position"] or "0",
        "isActive": values["is_active"],
    }
    if not values["handle"]:
        del raw["handle"]
    return raw


def _errors(problem: Problem, context: Context) -> dict[str, str]:
    errors = refusal_errors(problem, REFUSALS, translator(context.locale))
    return {"parent_id" if name == "parentId" else name: text for name, text in errors.items()}


async def _form(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    category: Category | None,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
) -> Response[bytes]:
    async with runtime.database.transaction() as session:
        categories = await staff_categories(session, context.company_id)
    return await page_response(
        request,
        "shop/catalog/backoffice/category.html",
        status=422 if errors else 200,
        category=category,
        values=values,
        errors={"parent_id" if name == "parentId" else name: text for name, text in errors.items()},
        parents=category_choices(categories, without=category.id if category else None),
    )


async def _ask(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    category_id: UUID,
    errors: Mapping[str, str],
) -> Response[bytes]:
    category = await _find(runtime, context, category_id)
    async with runtime.database.transaction() as session:
        categories = await staff_categories(session, context.company_id)
        counted = await _products_in(session, context.company_id)
    return await page_response(
        request,
        "shop/catalog/backoffice/category_remove.html",
        status=409 if errors else 200,
        category=category,
        products=counted.get(category_id, 0),
        below=sum(1 for one in categories if one.parent_id == category_id),
        others=category_choices(categories, without=category_id),
        errors=errors,
    )
