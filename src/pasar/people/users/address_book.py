"""What is in a customer's address book, and what may be written into it?"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.people.users.addresses import Address, normalise_address

LONGEST_LABEL: Final = 60
BOOK = """
SELECT id, label, name, line1, line2, city, region, postal_code, country, phone, is_default, created_at
  FROM addresses WHERE company_id = $1 AND customer_id = $2 AND ($3::uuid IS NULL OR id = $3)
 ORDER BY is_default DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class KeptAddress:
    """An address of the book; `label` is what its owner calls it, empty for none."""

    id: UUID
    label: str
    address: Address
    is_default: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AddressWish:
    """What an address is to be; None leaves as it is, or empty in a new one."""

    label: str | None = None
    name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None
    is_default: bool = False


PARTS: Final = ("country", "name", "line1", "line2", "city", "region", "postal_code", "phone")


async def addresses_of(database: Database, company_id: UUID, customer_id: UUID) -> list[KeptAddress]:
    """The customer's addresses, the default first, then the latest."""
    return [kept_address(row) for row in await database.rows(BOOK, company_id, customer_id, None)]


async def one_address(
    database: Database, company_id: UUID, customer_id: UUID, address_id: UUID
) -> KeptAddress:
    """One of the customer's addresses. Raises `NotFound` (`address_not_found`), for others' as well."""
    row = await database.row(BOOK, company_id, customer_id, address_id)
    if row is None:
        raise address_not_found()
    return kept_address(row)


async def default_address(database: Database, company_id: UUID, customer_id: UUID) -> KeptAddress | None:
    """The customer's default address; None for an empty book."""
    row = await database.row(BOOK, company_id, customer_id, None)
    return kept_address(row) if row else None


def wished_address(wish: AddressWish, before: KeptAddress | None) -> tuple[str, Address]:
    """Label and address as they are to be kept: `before` with what is wished for, as its country writes it.

    A line that names a new country without a phone of its own keeps the phone as it is, in E.164. Raises
    `Unprocessable` (`address_invalid`) with every field that is wrong.
    """
    base = before.address if before else Address(country="")
    changes = {part: value for part in PARTS if (value := getattr(wish, part)) is not None}
    address, found = normalise_address(replace(base, **changes))
    problems = [FieldProblem(error.field, error.code, error.message) for error in found]
    if not address.name and not any(problem.field == "name" for problem in problems):
        problems.append(FieldProblem("name", "required", "Write whom the parcel is for."))
    label = wish.label if wish.label is not None else (before.label if before else "")
    label = " ".join(unicodedata.normalize("NFC", label).split())
    if any(unicodedata.category(mark) in {"Cc", "Cs", "Zl", "Zp", "Cf"} for mark in label):
        problems.append(FieldProblem("label", "control_characters", "Write the label on one line."))
    elif len(label) > LONGEST_LABEL:
        problems.append(FieldProblem("label", "too_long", f"At most {LONGEST_LABEL} characters."))
    if problems:
        told = "Check the marked fields and send them again."
        raise Unprocessable("address_invalid", told, errors=problems)
    return label, address


def address_not_found() -> NotFound:
    """The book has no such address."""
    return NotFound("address_not_found", "There is no such address.")


def kept_address(row: Any) -> KeptAddress:
    """A row of `BOOK`."""
    return KeptAddress(
        id=row.id,
        label=row.label,
        address=Address(
            country=row.country,
            name=row.name,
            line1=row.line1,
            line2=row.line2,
            city=row.city,
            region=row.region,
            postal_code=row.postal_code,
            phone=row.phone,
        ),
        is_default=row.is_default,
        created_at=row.created_at,
    )
