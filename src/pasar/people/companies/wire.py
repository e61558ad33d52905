"""How a company's decisions travel."""

from __future__ import annotations

from pasar.people.companies.actions.change_company import CompanyChange
from pasar.people.companies.schemas import CompanyAnswer, CompanyInput
from pasar.people.companies.settings_of import CompanySettings


def company_answer(settings: CompanySettings) -> CompanyAnswer:
    """Decisions as clients read them."""
    return CompanyAnswer(
        id=settings.id,
        name=settings.name,
        handle=settings.handle,
        time_zone=settings.time_zone,
        low_stock_default=settings.low_stock_default,
        bank_transfer_days=settings.bank_transfer_days,
        bank_transfer_note=settings.bank_transfer_note,
        unique_skus=settings.unique_skus,
    )


def change_of(wanted: CompanyInput) -> CompanyChange:
    """A body as the action takes it."""
    return CompanyChange(
        name=wanted.name,
        time_zone=wanted.time_zone,
        low_stock_default=wanted.low_stock_default,
        bank_transfer_days=wanted.bank_transfer_days,
        bank_transfer_note=wanted.bank_transfer_note,
        unique_skus=wanted.unique_skus,
    )
