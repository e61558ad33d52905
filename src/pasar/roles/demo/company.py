"""The demo's company: two shop windows, two people, taxes and ways to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import ShippingMethod, WeightBand, add_method, add_zone
from pasar.finance.taxes.public import TaxRate, replace_rates
from pasar.kernel.db.database import Database
from pasar.people.access.public import add_member
from pasar.people.companies.public import CompanyChange, change_company, create_company, create_site
from pasar.people.sign_in.public import register_user
from pasar.people.users.public import credentials_of, customer_for, verify_email

HANDLE: Final = "pasar-demo"
NAME: Final = "Balai Pasar"
TIME_ZONE: Final = "Asia/Jakarta"
BANK_TRANSFER_NOTE = "Balai Pasar, Bank Contoh, account 000-123-4567. Please name the order's number."
INDONESIAN_HOST: Final = "id.localhost"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account at the demo."""

    email: str
    name: str


OWNER: Final = Person("owner@pasar.test", "Wulan Hadi")
SHOPPER: Final = Person("shopper@pasar.test", "Robin Meyer")

# State rates of sales tax; PPN, Indonesia's value added tax, stands inside the price.
TAXES: Final = (
    TaxRate("US", "California sales tax", 72_500, region="CA"),
    TaxRate("US", "New York sales tax", 40_000, region="NY"),
    TaxRate("US", "Texas sales tax", 62_500, region="TX"),
    TaxRate("US", "Washington sales tax", 65_000, region="WA"),
    TaxRate("ID", "PPN", 110_000),
)

ECONOMY_USD: Final = (WeightBand(1_000, 495), WeightBand(5_000, 995), WeightBand(20_000, 2_495))
WORLD_USD: Final = (WeightBand(500, 1_400), WeightBand(2_000, 2_400), WeightBand(10_000, 5_900))
CARGO_IDR: Final = (
    WeightBand(2_000, 1_500_000),
    WeightBand(10_000, 4_500_000),
    WeightBand(30_000, 9_500_000),
)
WORLD_IDR: Final = (
    WeightBand(500, 22_000_000),
    WeightBand(2_000, 38_000_000),
    WeightBand(10_000, 94_000_000),
)

ZONES: Final[tuple[tuple[str, tuple[str, ...], tuple[ShippingMethod, ...]], ...]] = (
    (
        "United States",
        ("US",),
        (
            ShippingMethod("", "Standard", "flat", "USD", 695, free_from_minor=7_500, delivery_days="3-5"),
            ShippingMethod("", "Express", "flat", "USD", 1_995, delivery_days="1-2"),
            ShippingMethod("", "Economy parcel", "by_weight", "USD", bands=ECONOMY_USD, delivery_days="5-9"),
        ),
    ),
    (
        "Indonesia",
        ("ID",),
        (
            ShippingMethod(
                "", "Reguler", "flat", "IDR", 1_800_000, free_from_minor=50_000_000, delivery_days="2-4"
            ),
            ShippingMethod("", "Kilat", "flat", "IDR", 3_500_000, delivery_days="1"),
            ShippingMethod("", "Kargo", "by_weight", "IDR", bands=CARGO_IDR, delivery_days="4-7"),
            ShippingMethod("", "Standard", "flat", "USD", 1_200, delivery_days="4-7"),
        ),
    ),
    (
        "Rest of the world",
        ("*",),
        (
            ShippingMethod("", "Air parcel", "by_weight", "USD", bands=WORLD_USD, delivery_days="7-12"),
            ShippingMethod("", "Kiriman udara", "by_weight", "IDR", bands=WORLD_IDR, delivery_days="7-12"),
        ),
    ),
)


async def make_company(session: AsyncSession, database: Database, *, password: str) -> UUID:
    """Make the company with sites, people, taxes and shipping, and answer its id.

    Raises `Conflict` (`handle_taken`, `host_taken`). People who have an account keep it and its password.
    """
    company_id = await create_company(session, handle=HANDLE, name=NAME, time_zone=TIME_ZONE, is_demo=True)
    await change_company(session, company_id, CompanyChange(bank_transfer_note=BANK_TRANSFER_NOTE))
    await create_site(
        session,
        company_id,
        name=NAME,
        host=None,
        is_default=True,
        currency="USD",
        currencies=("USD", "IDR"),
        locale="en",
        locales=("en", "id"),
        tax_included={"USD": False, "IDR": True},
    )
    await create_site(
        session,
        company_id,
        name=f"{NAME} Indonesia",
        host=INDONESIAN_HOST,
        is_default=False,
        currency="IDR",
        currencies=("IDR",),
        locale="id",
        locales=("id", "en"),
        tax_included={"IDR": True},
    )
    owner = await _account(session, database, OWNER, password)
    await add_member(session, company_id, owner, "owner")
    shopper = await _account(session, database, SHOPPER, password)
    await customer_for(session, company_id, shopper, email=SHOPPER.email, name=SHOPPER.name)
    await replace_rates(session, company_id, TAXES)
    for name, countries, methods in ZONES:
        zone_id = await add_zone(session, company_id, name=name, countries=countries)
        for position, method in enumerate(methods):
            await add_method(session, company_id, zone_id, method, position=position)
    return company_id


async def _account(session: AsyncSession, database: Database, person: Person, password: str) -> UUID:
    known = await credentials_of(database, person.email)
    if known is not None:
        return known.user_id
    user_id = await register_user(session, email=person.email, password=password, name=person.name)
    # Nobody reads mail at .test: as if they had followed the link.
    await verify_email(session, user_id, person.email, datetime.now(UTC))
    return user_id
