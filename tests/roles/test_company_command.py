"""`pasar company`: a fresh production database gets its first shop, whose owner signs in."""

from __future__ import annotations

import dataclasses
import io
import re

import httpx
import pytest
from rich.console import Console

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.roles.assembling import assemble, observed, open_runtime
from pasar.roles.commands import CommandFailed
from pasar.roles.company_command import run_company


async def test_a_company_is_opened_and_its_owner_signs_in(
    fresh_database: Database, settings: Settings
) -> None:
    here = dataclasses.replace(settings, database=fresh_database.address)
    said = io.StringIO()
    wanted = {
        "owner": "ana@shop.example",
        "currencies": ("EUR", "IDR"),
        "locale": "en",
        "time_zone": "Asia/Jakarta",
    }
    await run_company(here, Console(file=said, width=200), name="Kedai [Ana]", host="kedai.example", **wanted)  # type: ignore[arg-type]
    password = re.search(r"password (\S+)", said.getvalue())
    assert password is not None

    runtime = open_runtime(here, fresh_database, SystemClock())
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://kedai.example") as client:
        site = (await client.get("/api/site")).json()
        assert (site["name"], site["currency"], site["currencies"]) == ("Kedai [Ana]", "EUR", ["EUR", "IDR"])
        body = {"email": "ana@shop.example", "password": password[1]}
        signed_in = await client.post("/api/auth/login", json=body)
        assert (signed_in.status_code, signed_in.json()["user"]["role"]) == (200, "owner")

    with pytest.raises(CommandFailed, match="handle"):
        await run_company(here, Console(file=said), name="Kedai [Ana]", host=None, **wanted)  # type: ignore[arg-type]
    wrong = wanted | {"currencies": ("XXQ",)}
    with pytest.raises(CommandFailed, match="XXQ"):
        await run_company(here, Console(file=said), name="Other", host=None, **wrong)  # type: ignore[arg-type]
    await runtime.http.aclose()
