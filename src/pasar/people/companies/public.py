"""The front door of companies."""

from pasar.people.companies.actions.change_company import CompanyChange, change_company
from pasar.people.companies.actions.create_company import create_company
from pasar.people.companies.actions.create_site import create_site
from pasar.people.companies.currencies_of import company_currencies
from pasar.people.companies.directory import Directory
from pasar.people.companies.link_host import settled_host
from pasar.people.companies.listing import CompanyFacts, companies_page
from pasar.people.companies.settings_of import CompanySettings, company_settings
from pasar.people.companies.site_of import site_by_id

__all__ = [
    "CompanyChange",
    "CompanyFacts",
    "CompanySettings",
    "Directory",
    "change_company",
    "companies_page",
    "company_currencies",
    "company_settings",
    "create_company",
    "create_site",
    "settled_host",
    "site_by_id",
]
