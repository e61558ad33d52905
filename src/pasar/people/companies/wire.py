"""How a company's decisions, and those of its sites, travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from pasar.kernel.files import Files
from pasar.kernel.i18n import spoken_locales
from pasar.people.companies.actions.change_company import CompanyChange
from pasar.people.companies.actions.change_security import SecurityChange
from pasar.people.companies.features import features_of
from pasar.people.companies.schemas import (
    CompanyAnswer,
    CompanyInput,
    NewSite,
    OwnSiteAnswer,
    SecurityInput,
    SiteInput,
    WorkplaceAnswer,
)
from pasar.people.companies.settings_of import CompanySettings
from pasar.people.companies.site_draft import SiteDraft
from pasar.people.companies.sites import OwnSite
from pasar.people.companies.workplaces import Workplace
from pasar.web.uploads import upload_path


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
        require_second_factor=settings.require_second_factor,
        admitted_from=list(settings.admitted_from),
        verify_first=settings.verify_first,
        is_platform=settings.is_platform,
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


def security_change(wanted: SecurityInput) -> SecurityChange:
    """A body as the action takes it."""
    return SecurityChange(wanted.require_second_factor, wanted.admitted_from, wanted.verify_first)


def site_answer(files: Files, site: OwnSite, company_switches: Mapping[str, Any]) -> OwnSiteAnswer:
    """A site as its staff read it."""
    draft = site.draft
    return OwnSiteAnswer(
        id=site.id,
        name=draft.name,
        host=draft.host,
        is_default=draft.is_default,
        currency=draft.currency,
        currencies=list(draft.currencies),
        locale=draft.locale,
        locales=list(draft.locales),
        time_zone=draft.time_zone,
        switches=dict(draft.features),
        features=dict(features_of(company_switches, draft.features)),
        tax_included=dict(draft.tax_included),
        theme=dict(draft.theme),
        logo=upload_path(files, site.logo, 2) if site.logo else None,
    )


def new_draft(wanted: NewSite) -> SiteDraft:
    """A new site as it is wanted, not yet checked."""
    locales = spoken_locales()
    begun = SiteDraft(
        name=wanted.name,
        currency=wanted.currency,
        currencies=(wanted.currency,),
        locale=wanted.locale or (wanted.locales or locales)[0],
        locales=locales,
    )
    return merged(begun, wanted)


def merged(before: SiteDraft, wanted: SiteInput) -> SiteDraft:
    """The site with the changes that are wanted, not yet checked."""
    after = replace(
        before,
        name=before.name if wanted.name is None else wanted.name,
        is_default=before.is_default if wanted.is_default is None else wanted.is_default,
        currency=before.currency if wanted.currency is None else wanted.currency.upper(),
        currencies=before.currencies if wanted.currencies is None else tuple(wanted.currencies),
        locale=before.locale if wanted.locale is None else wanted.locale,
        locales=before.locales if wanted.locales is None else tuple(dict.fromkeys(wanted.locales)),
        features=_decided(before.features, wanted.features),
        theme=_decided(before.theme, wanted.theme),
    )
    if not isinstance(wanted.host, msgspec.UnsetType):
        after = replace(after, host=wanted.host)
    if not isinstance(wanted.time_zone, msgspec.UnsetType):
        after = replace(after, time_zone=wanted.time_zone)
    if wanted.tax_included is not None:
        after = replace(after, tax_included={code.upper(): on for code, on in wanted.tax_included.items()})
    return after


def _decided(before: Mapping[str, Any], wanted: msgspec.Struct | None) -> dict[str, Any]:
    """`before` with what `wanted` names; null takes a decision back."""
    changes: dict[str, Any] = msgspec.to_builtins(wanted) if wanted is not None else {}
    return {name: value for name, value in {**before, **changes}.items() if value is not None}


def workplace_answer(place: Workplace, current: UUID) -> WorkplaceAnswer:
    """A company where one works, for the wire; `current` is the one that this call is for."""
    return WorkplaceAnswer(
        company_id=place.company_id,
        name=place.name,
        role=place.role,
        hosts=list(place.hosts),
        current=place.company_id == current,
    )
