"""While the database is away, everybody is asked to wait: who cannot be looked up may be signed out."""

from __future__ import annotations

import httpx

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.roles.assembling import assemble, observed, open_runtime
from support.people import make_customer, make_staff
from support.shops import make_shop


async def test_what_is_looked_up_waits_and_what_is_not_goes_on(
    settings: Settings, fresh_database: Database
) -> None:
    runtime = open_runtime(settings, fresh_database, SystemClock())
    shop = await make_shop(runtime)
    _, customer = await make_customer(runtime, shop)
    staff = await make_staff(runtime, shop)
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client, runtime.http:
        assert (await client.get("/api/site", headers=customer)).status_code == 200
        await fresh_database.close()
        assert (await client.get("/api/site", headers=shop.headers)).status_code == 200
        body = {"email": "a@example.com", "password": "long enough"}
        for answer in (
            await client.get("/api/site", headers=customer),
            await client.get("/api/auth/me", headers=customer),
            await client.get("/api/admin/customers", headers=staff),
            await client.post("/api/auth/login", json=body, headers=shop.headers),
            await client.post("/api/auth/refresh", json={"refreshToken": "x"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert answer.headers["retry-after"] == "2"
