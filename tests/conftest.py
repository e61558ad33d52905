"""One PostgreSQL for the whole run, started by the process that starts the run."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest
import structlog

from pasar.kernel.db.addresses import DatabaseAddress, parse_address
from pasar.kernel.db.embedded import EmbeddedPostgres
from pasar.kernel.db.migrating import migrate
from support.databases import TEMPLATE, address_text, drop_database

pytest_plugins = ["support.fixtures", "support.audited_writes"]


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server, or use DATABASE_URL's, and migrate the template that tests copy."""
    quiet = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, quiet])
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    url = os.environ.get("DATABASE_URL")
    if url:
        address = parse_address(url)
    else:
        home = Path(tempfile.mkdtemp(prefix="pasar-test-"))
        home.chmod(0o755)
        server = EmbeddedPostgres(home)
        address = server.start()
        config.stash[SERVER] = (server, home)
    template = address.named(f"{TEMPLATE}_{secrets.token_hex(3)}")
    asyncio.run(migrate(template))
    config.stash[TEMPLATE_ADDRESS] = template
    os.environ["PASAR_TEST_TEMPLATE"] = address_text(template)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no trace."""
    template = config.stash.get(TEMPLATE_ADDRESS, None)
    if template is not None:
        asyncio.run(drop_database(template))
    if SERVER in config.stash:
        server, home = config.stash[SERVER]
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


SERVER = pytest.StashKey[tuple[EmbeddedPostgres, Path]]()
TEMPLATE_ADDRESS = pytest.StashKey[DatabaseAddress]()
