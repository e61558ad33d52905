"""A mail server that this machine's programs trust for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from support.mail_server import MailServer, mail_server, write_authority


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who signs the server's certificate."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The same, trusted as an operator would make it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(write_authority(authority, tmp_path)))
    return authority


@pytest.fixture
def server(trusted: trustme.CA) -> Iterator[MailServer]:
    """A server with STARTTLS."""
    with mail_server(trusted) as started:
        yield started
