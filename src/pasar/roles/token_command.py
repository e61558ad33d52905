"""`pasar token`: an API key for somebody's company, from the machine itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from rich.console import Console

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.config import Settings
from pasar.kernel.errors import Problem
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import Grant, create_key, work_of
from pasar.people.users.public import EmailError, credentials_of, normalise_email
from pasar.roles.attaching import runtime_for_command
from pasar.roles.commands import CommandFailed


async def run_token(
    settings: Settings,
    console: Console,
    email: str,
    scopes: Sequence[str],
    *,
    company: UUID | None,
    name: str,
    days: int | None,
) -> None:
    """Make the key within what the person may, and print it alone on its line, for scripts.

    Raises `CommandFailed` with the reason.
    """
    async with runtime_for_command(settings) as runtime:
        user_id, company_id, held = await _maker(runtime, email, company)
        now = runtime.clock.now()
        try:
            with acting_as(Acting(kind="command", company_id=company_id, name="pasar token")):
                async with runtime.database.transaction() as session:
                    made = await create_key(
                        session,
                        company_id,
                        name=name,
                        scopes=scopes,
                        expires_at=now + timedelta(days=days) if days else None,
                        by=user_id,
                        held=held.permissions,
                        at=now,
                    )
        except Problem as problem:
            raise CommandFailed(problem.detail) from None
    console.print(made.secret.key, markup=False, soft_wrap=True)


async def _maker(runtime: Runtime, email: str, company: UUID | None) -> tuple[UUID, UUID, Grant]:
    """The person, the company, and what they may do there."""
    try:
        found = await credentials_of(runtime.database, normalise_email(email))
    except EmailError as refusal:
        raise CommandFailed(str(refusal)) from None
    work = await work_of(runtime.database, found.user_id) if found and found.is_active else {}
    if found is None or not work:
        raise CommandFailed(f"Nobody who signs in as {email} works for a company. Invite them first.")
    if company is None and len(work) > 1:
        raise CommandFailed(
            f"{email} works for several companies. Name one with --company: {', '.join(map(str, work))}"
        )
    company_id = company or next(iter(work))
    if company_id not in work:
        raise CommandFailed(f"{email} does not work for the company {company_id}.")
    return found.user_id, company_id, work[company_id]
