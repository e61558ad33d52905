"""`pasar audit`: is the log what was written, and what is too old to be kept?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pasar.kernel.acting import Acting
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.people.audit.linking import link_entries
from pasar.people.audit.recording import INSTALLATION
from pasar.people.audit.trimming import trim_log
from pasar.people.audit.verifying import Anchor, Verdict, audited_companies, verify_chain
from pasar.roles.attaching import database_of
from pasar.roles.commands import CommandFailed

MOST_TOLD: Final = 20
ANCHOR: Final = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")
LINKS: Final = "SELECT count(*) FROM audit_links WHERE company_id = $1"


def anchor_of(text: str) -> Anchor:
    """Read `POSITION:HASH`, as `verify` prints it. Raises `CommandFailed`."""
    match = ANCHOR.fullmatch(text)
    if match is None:
        raise CommandFailed(f"{text} is no anchor: give POSITION:HASH as pasar audit verify printed it.")
    return Anchor(int(match[1]), bytes.fromhex(match[2]))


async def run_verify(
    settings: Settings, console: Console, *, company: UUID | None, anchors: tuple[str, ...]
) -> bool:
    """Walk the chains, tell what does not fit; False when something does not. Raises `CommandFailed`."""
    noted = tuple(anchor_of(text) for text in anchors)
    if noted and company is None:
        raise CommandFailed("An anchor is one company's: name it with --company ID.")
    sound = True
    async with _opened(settings) as database:
        companies = [company] if company else await audited_companies(database)
        if not companies:
            console.print("The audit log is empty.")
        for company_id in companies:
            verdict = await _verify(database, company_id, noted, console)
            _tell(verdict, console)
            sound = sound and not verdict.faults
    return sound


async def run_trim(settings: Settings, console: Console, *, company: UUID | None) -> None:
    """Link what waits, then remove what is older than seven years, in one transaction per company."""
    acting = Acting(kind="command", name="pasar audit trim")
    async with _opened(settings) as database:
        await link_entries(database)
        for company_id in [company] if company else await audited_companies(database):
            async with database.transaction() as session:
                gone = await trim_log(session, company_id, acting)
            console.print(f"{_name(company_id)}: {gone} entries of more than seven years removed.")


async def _verify(
    database: Database, company_id: UUID, noted: tuple[Anchor, ...], console: Console
) -> Verdict:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        total = int(await database.value(LINKS, company_id))
        task = progress.add_task(_name(company_id), total=total)
        return await verify_chain(
            database, company_id, anchors=noted, told=lambda done: progress.update(task, completed=done)
        )


def _tell(verdict: Verdict, console: Console) -> None:
    state = f"{len(verdict.faults)} faults" if verdict.faults else "sound"
    waiting = f", {verdict.waiting} wait to be linked" if verdict.waiting else ""
    console.print(f"{_name(verdict.company_id)}: {verdict.links} links, {state}{waiting}")
    for fault in verdict.faults[:MOST_TOLD]:
        where = f"link {fault.position}" if fault.position else "no link"
        what = f" (entry {fault.entry_id})" if fault.entry_id else ""
        console.print(f"  {fault.kind}: {where}{what}: {fault.text}", markup=False, soft_wrap=True)
    if len(verdict.faults) > MOST_TOLD:
        console.print(f"  and {len(verdict.faults) - MOST_TOLD} more")
    if verdict.last is not None:
        anchor = f"{verdict.last.position}:{verdict.last.hash.hex()}"
        console.print(f"  anchor {anchor}", markup=False, soft_wrap=True)


def _name(company_id: UUID) -> str:
    return "installation" if company_id == INSTALLATION else f"company {company_id}"


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    async with database_of(settings) as address:
        database = await Database.open(address)
        try:
            yield database
        finally:
            await database.close()
