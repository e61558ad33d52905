"""Staff's categories over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, route
from litestar.enums import HttpMethod
from litestar.params import QueryParameter

from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.actions.change_category import change_category, find_category
from pasar.shop.catalog.actions.create_category import create_category
from pasar.shop.catalog.actions.remove_category import remove_category
from pasar.shop.catalog.admin_answers import category_out
from pasar.shop.catalog.admin_http import READ, TAGS, WRITE, refuse_nul
from pasar.shop.catalog.admin_queries import staff_categories
from pasar.shop.catalog.admin_schemas import AdminCategory, CategoryChange, CategoryIn


@get("/api/admin/categories", guards=READ, tags=TAGS)
async def list_staff_categories(context: Context, runtime: Runtime) -> Page[AdminCategory]:
    """List all categories; `parentId` makes the tree."""
    async with runtime.database.transaction() as session:
        found = await staff_categories(session, context.company_id)
    return Page(items=[category_out(category) for category in found], total=len(found))


@post("/api/admin/categories", guards=WRITE, tags=TAGS)
async def post_category(context: Context, runtime: Runtime, data: CategoryIn) -> AdminCategory:
    """Make a category."""
    refuse_nul(data)
    async with runtime.database.transaction() as session:
        category_id = await create_category(session, context.company_id, data)
        return category_out(await find_category(session, context.company_id, category_id))


@route(
    "/api/admin/categories/{category_id:uuid}",
    http_method=[HttpMethod.PATCH, HttpMethod.PUT],
    guards=WRITE,
    tags=TAGS,
)
async def patch_category(
    context: Context, runtime: Runtime, category_id: UUID, data: CategoryChange
) -> AdminCategory:
    """Rename, move or switch a category; what is not sent stays."""
    refuse_nul(data)
    async with runtime.database.transaction() as session:
        await change_category(session, context.company_id, category_id, data)
        return category_out(await find_category(session, context.company_id, category_id))


@delete("/api/admin/categories/{category_id:uuid}", guards=WRITE, tags=TAGS)
async def delete_category(
    context: Context,
    runtime: Runtime,
    category_id: UUID,
    move_to: Annotated[UUID | None, QueryParameter(name="moveTo")] = None,
) -> None:
    """Remove a category; its products and those right below it go to `moveTo`."""
    async with runtime.database.transaction() as session:
        await remove_category(session, context.company_id, category_id, move_to=move_to)


STAFF_CATEGORY_ROUTES = (list_staff_categories, post_category, patch_category, delete_category)
