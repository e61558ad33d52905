"""What has a company settled for itself?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pasar.kernel.cache import Recent
from pasar.kernel.db.database import Database
from pasar.kernel.errors import NotFound

SETTINGS = """
SELECT id, name, handle, time_zone, is_demo, low_stock_default, bank_transfer_days, bank_transfer_note,
       unique_skus, require_second_factor, admitted_from, verify_first, is_platform
  FROM companies WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """A company's own decisions. `time_zone` is an IANA name, `low_stock_default` counts units.

    Staff need a second factor when `require_second_factor`, and may work from the networks `admitted_from`
    (CIDR), from everywhere when there are none; with `verify_first` registering waits for the e-mail's proof.
    `is_platform` marks the company that runs the installation.
    """

    id: UUID
    name: str
    handle: str
    time_zone: str
    is_demo: bool
    low_stock_default: int
    bank_transfer_days: int
    bank_transfer_note: str
    unique_skus: bool
    require_second_factor: bool = False
    admitted_from: tuple[str, ...] = ()
    verify_first: bool = False
    is_platform: bool = False


async def company_settings(database: Database, company_id: UUID) -> CompanySettings:
    """The company's settings, from memory at most a second old. Raises `NotFound` for no company."""
    return await _recent.get(database, company_id)


def forget_settings(database: Database, company_id: UUID) -> None:
    """Read them anew next time: this process has just changed them."""
    _recent.forget(database, company_id)


async def _read(database: Database, company_id: UUID) -> CompanySettings:
    row = await database.row(SETTINGS, company_id)
    if row is None:
        raise NotFound("company_unknown", "There is no company with this id.")
    return CompanySettings(**{**row, "admitted_from": tuple(row["admitted_from"])})


_recent = Recent("companies.settings", _read)
