"""Change a product's own texts, category, options and status."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict
from pasar.kernel.events import Fact, record
from pasar.shop.catalog.actions.create_product import flush_handle, refuse_unknown_category
from pasar.shop.catalog.actions.lock_product import lock_product, variants_of
from pasar.shop.catalog.actions.set_prices import Author
from pasar.shop.catalog.actions.stamp_products import stamp_products
from pasar.shop.catalog.admin_schemas import ProductChange
from pasar.shop.catalog.cleaning import clean_html
from pasar.shop.catalog.events import ProductArchived, ProductUpdated
from pasar.shop.catalog.models import Product
from pasar.shop.catalog.naming import free_product_handle
from pasar.shop.catalog.option_values import refuse_alike

PLAIN_FIELDS = ("vendor", "category_id", "status", "seo_title", "seo_description")


async def change_product(
    session: AsyncSession, company_id: UUID, product_id: UUID, change: ProductChange, author: Author
) -> None:
    """Change what `change` names. Writes nothing when all of it is so already.

    Options can be renamed at any time; another number of them only while there are no variants. Raises
    `NotFound`, `Conflict` (`handle_taken`, `options_in_use`) and `Unprocessable`.
    """
    product = await lock_product(session, company_id, product_id)
    archived = product.status == "archived"
    if change.category_id is not UNSET:
        await refuse_unknown_category(session, company_id, change.category_id)
    if change.options is not UNSET:
        await _rename_options(session, product, change.options)
    if change.handle is not UNSET and change.handle != product.handle:
        product.handle = await free_product_handle(session, company_id, product.title, change.handle)
    for name, value in _values(change).items():
        if value != getattr(product, name):
            setattr(product, name, value)
    if not session.is_modified(product):
        return
    fact: Fact = ProductUpdated(product_id=product_id)
    if product.status == "archived" and not archived:
        fact = ProductArchived(product_id=product_id)
    await flush_handle(session)
    await record(session, company_id, fact, at=author.at)
    await stamp_products(session, company_id, [product_id], at=author.at)


async def archive_product(session: AsyncSession, company_id: UUID, product_id: UUID, author: Author) -> None:
    """Take the product out of the shop; it stays for orders and reports. Raises `NotFound`."""
    await change_product(session, company_id, product_id, ProductChange(status="archived"), author)


def _values(change: ProductChange) -> dict[str, object]:
    """The columns that are sent, as they are stored."""
    values = {name: getattr(change, name) for name in PLAIN_FIELDS if getattr(change, name) is not UNSET}
    if change.title is not UNSET:
        values["title"] = change.title.strip()
    if change.description is not UNSET:
        values["description_html"] = clean_html(change.description)
    if change.tags is not UNSET:
        values["tags"] = list(dict.fromkeys(change.tags))
    return values


async def _rename_options(session: AsyncSession, product: Product, names: list[str]) -> None:
    refuse_alike(names)
    wanted = [name.strip() for name in names]
    if len(wanted) != len(product.option_names) and await variants_of(session, product):
        raise Conflict(
            "options_in_use",
            "Its variants have values for these options: they can be renamed, not added or taken away.",
        )
    if wanted != product.option_names:
        product.option_names = wanted
