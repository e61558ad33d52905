"""Change what a variant costs, and note each change with its time and author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.ids import new_id
from pasar.kernel.money import Money, MoneyError, known_currency
from pasar.shop.catalog.admin_schemas import PriceIn
from pasar.shop.catalog.models import Price, PriceChange


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the catalogue, and when."""

    label: str
    at: datetime


async def set_prices(
    session: AsyncSession, company_id: UUID, variant_id: UUID, prices: Sequence[PriceIn], author: Author
) -> bool:
    """Set the everyday prices of the currencies named; others stay. Says whether anything changed.

    Raises `Unprocessable` (`price_malformed`, `currency_unknown`). The caller holds the product's lock.
    """
    known = await _everyday_prices(session, company_id, variant_id)
    changed = False
    for wanted in prices:
        before = known.get(wanted.currency)
        old = (before.amount, before.compare_at) if before else (None, None)
        new = _minor_units(wanted)
        if new == old:
            continue
        changed = True
        session.add(_change(company_id, variant_id, wanted.currency, old, new, author))
        if new[0] is None:
            await session.delete(before)
        elif before is not None:
            before.amount, before.compare_at = new[0], new[1]
        else:
            known[wanted.currency] = Price(
                company_id=company_id,
                id=new_id(),
                variant_id=variant_id,
                currency=wanted.currency,
                amount=new[0],
                compare_at=new[1],
                min_quantity=1,
            )
            session.add(known[wanted.currency])
    return changed


async def _everyday_prices(session: AsyncSession, company_id: UUID, variant_id: UUID) -> dict[str, Price]:
    """The variant's prices by currency: in no price list, from one piece on, without a time."""
    return {
        price.currency: price
        for price in await session.scalars(
            select(Price).where(
                Price.company_id == company_id,
                Price.variant_id == variant_id,
                Price.price_list.is_(None),
                Price.min_quantity == 1,
                Price.starts_at.is_(None),
            )
        )
    }


def _minor_units(price: PriceIn) -> tuple[int | None, int | None]:
    if not known_currency(price.currency):
        raise Unprocessable("currency_unknown", f"{price.currency} is no currency in use (ISO 4217).")
    if price.amount is None:
        return None, None
    return _minor("amount", price.amount, price.currency), (
        None if price.compare_at is None else _minor("compareAt", price.compare_at, price.currency)
    )


def _minor(name: str, text: str, currency: str) -> int:
    try:
        minor = Money.parse(text, currency).minor
    except MoneyError as problem:
        raise _malformed(name, str(problem)) from None
    if minor < 0:
        raise _malformed(name, "below zero")
    return minor


def _malformed(name: str, reason: str) -> Unprocessable:
    return Unprocessable(
        "price_malformed",
        "Send prices as decimal strings, such as 129.00, not below zero.",
        errors=[FieldProblem(f"prices.{name}", "price_malformed", reason)],
    )


def _change(
    company_id: UUID,
    variant_id: UUID,
    currency: str,
    old: tuple[int | None, int | None],
    new: tuple[int | None, int | None],
    author: Author,
) -> PriceChange:
    return PriceChange(
        company_id=company_id,
        id=new_id(),
        variant_id=variant_id,
        currency=currency,
        old_amount=old[0],
        new_amount=new[0],
        old_compare_at=old[1],
        new_compare_at=new[1],
        changed_at=author.at,
        changed_by=author.label,
    )
