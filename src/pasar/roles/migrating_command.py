"""`pasar migrate`."""

from __future__ import annotations

from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.db.migrating import migrate, migration_state
from pasar.roles.attaching import database_of


async def run_migrate(settings: Settings, console: Console, *, only_look: bool) -> bool:
    """Migrate, or only look; answer whether something was pending."""
    async with database_of(settings) as address:
        if only_look:
            state = await migration_state(address)
            console.print(f"At {state.current or 'the beginning'}.")
            for revision in state.pending:
                console.print(f"Pending: {revision}")
            if not state.pending:
                console.print("Nothing is pending.")
        else:
            state = await migrate(address, lambda revision: console.print(f"Ran {revision}"))
            console.print("The database is up to date.")
    return bool(state.pending)
