"""Seed the demo: a shop that looks as if it had been open for weeks.

Each step is a transaction of its own and may be repeated: a seeding that was killed is finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Caller, Site
from pasar.people.users.public import credentials_of, customer_for
from pasar.roles.demo.company import HANDLE, INDONESIAN_HOST, OWNER, SHOPPER, make_company
from pasar.roles.demo.ordering import DemoShop, make_orders
from pasar.roles.demo.stocking import draw_pictures, make_categories, stock_shop
from pasar.shop.orders.public import complete_orders, orders_page

COMPANY = "SELECT id FROM companies WHERE handle = $1 AND is_demo"

Told = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """What the demo is. `fresh` tells whether this call finished it, or found it whole."""

    company_id: UUID
    site_id: UUID
    indonesian_site_id: UUID
    owner_email: str
    shopper_email: str
    fresh: bool


async def seed_demo(runtime: Runtime, *, password: str, told: Told) -> DemoFacts:
    """Make the demo, or what is missing of it, and answer what it is; `told` hears a line for each step.

    `password` becomes that of both demo accounts, unless they exist already. Raises `Conflict` when another
    company has taken the demo's handle or host, and what registering refuses about the password.
    """
    company_id = await runtime.database.value(COMPANY, HANDLE)
    if company_id is None:
        told("Making the demo shop …")
        async with runtime.database.transaction() as session:
            company_id = await make_company(session, runtime.database, password=password)
            await make_categories(session, company_id)
    home, indonesian = await _sites(runtime, company_id)
    made, _ = await orders_page(runtime.database, company_id, limit=1)
    if not made:
        told("Drawing the goods …")
        pictures = await draw_pictures(runtime)
        async with runtime.database.transaction() as session:
            await stock_shop(session, company_id, pictures, at=runtime.clock.now())
        told("Placing the orders of the last weeks …")
        await _order(runtime, home, indonesian)
    return DemoFacts(company_id, home.id, indonesian.id, OWNER.email, SHOPPER.email, fresh=not made)


async def _order(runtime: Runtime, home: Site, indonesian: Site) -> None:
    owner = await credentials_of(runtime.database, OWNER.email)
    shopper = await credentials_of(runtime.database, SHOPPER.email)
    assert owner is not None, "made with the company"
    assert shopper is not None, "made with the company"
    async with runtime.database.transaction() as session:
        customer_id = await customer_for(
            session, home.company_id, shopper.user_id, email=SHOPPER.email, name=SHOPPER.name
        )
        caller = Caller(
            "customer",
            user_id=shopper.user_id,
            customer_id=customer_id,
            company_id=home.company_id,
            name=SHOPPER.name,
            email=SHOPPER.email,
        )
        sites = {"USD": home, "IDR": indonesian}
        await make_orders(session, DemoShop(runtime, sites, caller, f"staff:{owner.user_id}"))
    await complete_orders(runtime.database, at=runtime.clock.now())


async def _sites(runtime: Runtime, company_id: UUID) -> tuple[Site, Site]:
    home = await runtime.sites.of_company(company_id)
    indonesian = await runtime.sites.by_host(INDONESIAN_HOST)
    assert home is not None, "made with the company"
    assert indonesian is not None, "made with the company"
    return home, indonesian
