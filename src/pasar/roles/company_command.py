"""`pasar company`: open a company with its site and owner, as a production database needs to begin."""

from __future__ import annotations

import secrets

from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.errors import Problem
from pasar.kernel.money import known_currency
from pasar.people.access.public import add_member
from pasar.people.companies.public import create_company, create_site
from pasar.people.sign_in.public import register_user
from pasar.people.users.public import credentials_of
from pasar.roles.attaching import runtime_for_command
from pasar.roles.commands import CommandFailed
from pasar.shop.catalog.handles import slug

PASSWORD_BYTES = 12


async def run_company(
    settings: Settings,
    console: Console,
    *,
    name: str,
    owner: str,
    currencies: tuple[str, ...],
    host: str | None,
    locale: str,
    time_zone: str,
) -> None:
    """Open the company and print what its owner needs. An owner who has an account keeps its password.

    The first of `currencies` is the site's own. Raises `CommandFailed` with the reason.
    """
    for currency in currencies:
        if not known_currency(currency):
            raise CommandFailed(f"{currency} is no currency: write its ISO code, such as EUR.")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    async with runtime_for_command(settings) as runtime:
        known = await credentials_of(runtime.database, owner)
        try:
            async with runtime.database.transaction() as session:
                company_id = await create_company(session, handle=slug(name), name=name, time_zone=time_zone)
                await create_site(
                    session,
                    company_id,
                    name=name,
                    host=host,
                    is_default=True,
                    currency=currencies[0],
                    currencies=currencies,
                    locale=locale,
                    locales=("en", "id"),
                )
                user_id = (
                    known.user_id
                    if known
                    else await register_user(
                        session, email=owner, password=password, name=owner.partition("@")[0]
                    )
                )
                await add_member(session, company_id, user_id, "owner")
        except Problem as problem:
            raise CommandFailed(problem.detail) from problem
    console.print(f"{name} is open. Company {company_id}.", markup=False)
    console.print(
        f"Owner {owner}, {'with the password they have' if known else f'password {password}'}", markup=False
    )
    console.print("Sign in at /sign-in; the back office is /admin.")
