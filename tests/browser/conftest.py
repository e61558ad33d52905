"""Real Chromium against the whole application, served by uvicorn over a database of its own.

Without Chromium these tests skip visibly; with PASAR_TEST_ALL=1 they fail instead. PASAR_CHROMIUM names
another program than Debian's.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from pasar.roles.demo.seeding import DemoFacts, seed_demo
from support.databases import copied_database

CHROMIUM = Path(os.environ.get("PASAR_CHROMIUM", "/usr/bin/chromium"))
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PASSWORD = "a password for tests only"
HOSTS_REMEMBERED = 1.1
"""Seconds after which a new host is known everywhere: the directory of sites answers from memory."""
PATIENCE = 10_000
"""Milliseconds that a step may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Served:
    """The running shop: its port, its runtime, and the demo that it sells."""

    port: int
    runtime: Runtime
    demo: DemoFacts

    def at(self, path: str, host: str = "localhost") -> str:
        """The address of `path`; names below localhost are the machine itself, for browsers, too."""
        return f"http://{host}:{self.port}{path}"


@dataclass(slots=True)
class Watched:
    """A page and everything that its browser complained of."""

    page: Page
    complaints: list[str]

    def assert_quiet(self) -> None:
        """No error, no failed download, no violation of the content security policy."""
        assert self.complaints == []


OpenPage = Callable[..., Awaitable[Watched]]


@pytest.fixture(autouse=True)
async def _unlimited(served: Served) -> None:
    """All browsers come from one address, whose letters are limited: what others used up is forgotten."""
    await served.runtime.database.rows("DELETE FROM failed_attempts")


@pytest.fixture(scope="session", autouse=True)
def _chromium() -> None:
    if not CHROMIUM.exists():
        reason = f"there is no browser at {CHROMIUM}"
        if os.environ.get("PASAR_TEST_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
async def served(anyio_backend: object, settings: Settings, _chromium: None) -> AsyncIterator[Served]:
    """The whole shop with its demo on a free port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    async with copied_database() as address:
        database = await Database.open(address)
        runtime = open_runtime(replace(settings, port=listening.getsockname()[1]), database, SystemClock())
        demo = await seed_demo(runtime, password=PASSWORD, told=lambda line: None)
        config = uvicorn.Config(
            observed(runtime, assemble(runtime)), log_config=None, access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        yield Served(listening.getsockname()[1], runtime, demo)
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running
        await runtime.http.aclose()
        await database.close()


@pytest.fixture(scope="session")
async def browser(anyio_backend: object, _chromium: None) -> AsyncIterator[Browser]:
    """One Chromium for all tests of a worker."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield opened
        await opened.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Open pages in contexts of their own: `await open_page(script=False, width=360, …)`."""
    contexts: list[BrowserContext] = []

    async def open_one(
        *, script: bool = True, width: int = 1280, language: str = "en-US", dark: bool = False
    ) -> Watched:
        context = await browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale=language,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        watched = Watched(page, [])
        page.on("console", lambda said: _note(watched, said.type, said.text))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        return watched

    yield open_one
    for context in contexts:
        await context.close()


def _note(watched: Watched, kind: str, text: str) -> None:
    # A form that comes back with errors has status 422, which Chromium reports as a failed download.
    if kind in {"error", "warning"} and "422 (Unprocessable Entity)" not in text:
        watched.complaints.append(text)
