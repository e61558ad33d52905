"""`pasar secrets rotate` and `pasar secrets status`: new keys, while everybody stays signed in."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from rich.console import Console

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.config import Settings
from pasar.kernel.crypto import SealBroken
from pasar.kernel.crypto.rotating import rotate
from pasar.kernel.jobs import enqueue
from pasar.kernel.resealing import RESEAL_JOB, Progress, progress
from pasar.kernel.runtime import Runtime
from pasar.roles.attaching import runtime_for_command
from pasar.roles.commands import CommandFailed

LOOK_SECONDS: Final = 0.5
# Without a worker nothing will ever move: after so long without progress the command stops looking.
PATIENCE_SECONDS: Final = 15.0


async def run_rotate(settings: Settings, console: Console, *, wait: bool) -> None:
    """Rotate, enqueue the re-encryption, and show how it goes on. Raises `CommandFailed`."""
    async with runtime_for_command(settings) as runtime:
        with acting_as(Acting(kind="command", name="pasar secrets rotate")):
            present = await rotate_now(runtime, console)
        if wait:
            await _watch(runtime, console, present)


async def rotate_now(runtime: Runtime, console: Console) -> UUID:
    """Rotate and enqueue the re-encryption; the new data key's id. Raises `CommandFailed`."""
    try:
        async with runtime.database.transaction() as session:
            rotation = await rotate(session, runtime.settings.data_keys, runtime.clock.now())
            await enqueue(session, RESEAL_JOB, {}, delay_seconds=2.0)
    except SealBroken as problem:
        raise CommandFailed(f"Nothing was changed: {problem}") from None
    console.print(f"New data key {rotation.data}, new signing key {rotation.signing}. Nobody is signed out.")
    if rotation.rewrapped:
        root = runtime.settings.data_keys[0].id
        console.print(
            f"{rotation.rewrapped} older keys are wrapped by the root key {root} now. Once every process "
            "runs with it, the others can leave PASAR_DATA_KEYS; keep them as long as backups of before."
        )
    return rotation.data


async def run_status(settings: Settings, console: Console) -> None:
    """Say which keys there are and how far the re-encryption is. Raises `CommandFailed`."""
    async with runtime_for_command(settings) as runtime:
        ring = await runtime.secrets.reload()
        for key in ring.keys:
            state = "present" if key.retired_at is None else f"retired {key.retired_at:%Y-%m-%d %H:%M}"
            console.print(f"{key.purpose:8} {key.id}  {state}, root key {key.root_id}", markup=False)
        present = ring.present("data")
        if present is not None:
            _tell(console, await progress(runtime.database, present.id))
        if ring.unreadable:
            missing = ", ".join(sorted({key.root_id for key in ring.unreadable}))
            raise CommandFailed(f"PASAR_DATA_KEYS lacks the right root key {missing}: put it back.")


async def _watch(runtime: Runtime, console: Console, present: UUID) -> None:
    done, waited = -1, 0.0
    while True:
        states = await progress(runtime.database, present)
        now_done, total = sum(state.done for state in states), sum(state.total for state in states)
        if now_done != done:
            done, waited = now_done, 0.0
            console.print(f"Re-encrypted {done} of {total} values.")
        if done == total:
            return
        if waited >= PATIENCE_SECONDS:
            console.print(
                "No worker moves on. The job waits for one; `pasar secrets status` shows how far it is."
            )
            return
        await asyncio.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS


def _tell(console: Console, states: list[Progress]) -> None:
    for state in states:
        name = f"{state.column.table}.{state.column.column}"
        console.print(f"{name:40} {state.done} of {state.total} under the present key", markup=False)
