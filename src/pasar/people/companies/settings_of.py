"""What has a company settled for itself?"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from uuid import UUID
from weakref import WeakKeyDictionary

from pasar.kernel.db.database import Database
from pasar.kernel.errors import NotFound
from pasar.people.companies.remembering import Remembered

SETTINGS = """
SELECT id, name, handle, time_zone, is_demo, low_stock_default, bank_transfer_days, bank_transfer_note,
       unique_skus
  FROM companies WHERE id = $1
"""
MOST_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """A company's own decisions. `time_zone` is an IANA name, `low_stock_default` counts units."""

    id: UUID
    name: str
    handle: str
    time_zone: str
    is_demo: bool
    low_stock_default: int
    bank_transfer_days: int
    bank_transfer_note: str
    unique_skus: bool


# Beside each database rather than in it: the kernel knows no companies.
_remembered: WeakKeyDictionary[Database, OrderedDict[UUID, Remembered[CompanySettings]]] = WeakKeyDictionary()


async def company_settings(database: Database, company_id: UUID) -> CompanySettings:
    """The company's settings, from memory at most a second old. Raises `NotFound` for no company."""
    companies = _remembered.setdefault(database, OrderedDict())
    found = companies.get(company_id)
    if found is None:
        found = companies[company_id] = Remembered(partial(_read, database, company_id), time.monotonic)
        if len(companies) > MOST_REMEMBERED:
            companies.popitem(last=False)
    return await found.get()


async def _read(database: Database, company_id: UUID) -> CompanySettings:
    row = await database.row(SETTINGS, company_id)
    if row is None:
        raise NotFound("company_unknown", "There is no company with this id.")
    return CompanySettings(**dict(row))
