"""What keeps an installation well, on the command line: `pasar events`, `pasar secrets`, `pasar privacy`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import rich_click as click
from rich.console import Console

from pasar.kernel.config import Settings

Run = Callable[[Coroutine[Any, Any, Any]], Any]
EXIT_FAILED = 1


def keeping_commands(settings: Callable[[str], Settings], run: Run, console: Console) -> list[click.Command]:
    """The commands; `settings` reads them for a role, `run` runs to the end and tells what went wrong."""
    makers = (_events, _secrets, _privacy)
    return [make(settings, run, console) for make in makers]


def _events(settings: Callable[[str], Settings], run: Run, console: Console) -> click.Command:
    @click.command("events")
    @click.option("--release", is_flag=True, help="Try held facts, and those that wait behind them, again.")
    @click.option("--subscriber", help="Only this subscriber's.")
    def events(release: bool, subscriber: str | None) -> None:
        """Show facts that failed too often and stop their key; exit 1 when there are any."""
        from pasar.roles.events_command import run_events

        if run(run_events(settings("events"), console, release=release, subscriber=subscriber)):
            sys.exit(EXIT_FAILED)

    return events


def _secrets(settings: Callable[[str], Settings], run: Run, console: Console) -> click.Group:
    @click.group("secrets")
    def group() -> None:
        """Keys that seal what is stored and sign tokens."""

    @group.command("rotate")
    @click.option("--wait/--no-wait", default=True, show_default=True, help="Watch the re-encryption.")
    def rotate(wait: bool) -> None:
        """Add a data key and a signing key, and re-encrypt in the background. Nobody is signed out."""
        from pasar.roles.secrets_command import run_rotate

        run(run_rotate(settings("secrets"), console, wait=wait))

    @group.command("status")
    def status() -> None:
        """Show the keys, and how many stored values are under the present one."""
        from pasar.roles.secrets_command import run_status

        run(run_status(settings("secrets"), console))

    return group


def _privacy(settings: Callable[[str], Settings], run: Run, console: Console) -> click.Group:
    @click.group("privacy")
    def group() -> None:
        """Personal data after a restore."""

    @group.command("replay")
    @click.option("--since", type=click.DateTime(), help="The backup's time, in UTC. Default: look at all.")
    def replay(since: datetime | None) -> None:
        """Erase again whom a restored backup has brought back. The worker does it at its start, too."""
        from pasar.roles.privacy_command import run_replay

        run(run_replay(settings("privacy"), console, since=since))

    return group
