"""Whoever has found a hole learns where to report it, if the operator has said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import SettingsError, load_settings
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed

PATH = "/.well-known/security.txt"


async def test_without_a_contact_there_is_none(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 404


async def test_the_contact_and_how_long_it_is_good(
    app: Litestar, runtime: Runtime, clock: FixedClock
) -> None:
    settings = replace(runtime.settings, security_contact="mailto:security@example.com")
    own = replace(runtime, settings=settings, clock=clock)
    transport = httpx.ASGITransport(app=observed(own, assemble(own)))  # type: ignore[arg-type]  # Litestar's own
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(PATH)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.com"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(0) < expires - clock.now() < timedelta(days=365)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("security@example.com", "mailto:security@example.com"),
        ("mailto:security@example.com", "mailto:security@example.com"),
        (" https://example.com/security ", "https://example.com/security"),
    ],
)
def test_what_is_taken(tmp_path: Path, given: str, kept: str) -> None:
    settings = load_settings({"PASAR_HOME": str(tmp_path), "SECURITY_CONTACT": given})

    assert settings.security_contact == kept


@pytest.mark.parametrize(
    "given",
    [
        "example.com",
        "http://example.com",
        "javascript:alert(1)",
        "a@b.c\nContact: mailto:x@y.z",
        "https:// x",
    ],
)
def test_what_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), "SECURITY_CONTACT": given})

    assert "SECURITY_CONTACT" in refusal.value.problems[0]
