"""Routes that exist in tests only: they echo, crash, count and wait, behind each kind of guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
from litestar import Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.http.application import build_application
from pasar.kernel.http.guards import anyone, customer, page, shopper, signed_in, staff, staff_page
from pasar.kernel.http.schema import Input, Output
from pasar.kernel.idempotency import once
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.roles.assembling import observed

COUNTS = "CREATE TABLE IF NOT EXISTS probe_counts (id uuid PRIMARY KEY, company_id uuid, name text)"


class Inner(Input):
    """A body within a body."""

    postal_code: str


class ProbeBody(Input):
    """What probes take."""

    name: str
    quantity: int = 1
    address: Inner | None = None


class ProbeAnswer(Output):
    """What probes answer."""

    id: str
    name: str


@post("/api/probe/echo", guards=[anyone])
async def echo(data: ProbeBody) -> ProbeBody:
    """Answer the body."""
    return data


@get("/api/probe/crash", guards=[anyone])
async def crash() -> None:
    """Crash with something that nobody should read."""
    password = "hunter2-in-a-local"
    raise RuntimeError(f"cannot reach db.internal as root: {len(password)}")


@get("/api/probe/numbers/{number:int}", guards=[anyone])
async def numbers(number: int, limit: int = 1) -> int:
    """Take numbers in the path and the query."""
    return number + limit


@get("/api/probe/who", guards=[shopper])
async def who(context: Context) -> dict[str, str]:
    """Say who calls."""
    return {"kind": context.caller.kind, "company": str(context.company_id), "locale": context.locale}


@get("/api/probe/signed-in", guards=[signed_in])
async def for_signed_in() -> str:
    """For anybody with a token."""
    return "in"


@get("/api/probe/customer", guards=[customer])
async def for_customers() -> str:
    """For customers."""
    return "in"


@get("/api/probe/staff", guards=[staff("orders:write")])
async def for_staff() -> str:
    """For staff who may write orders."""
    return "in"


@get("/probe/page", guards=[page])
async def a_page() -> Response[str]:
    """A page."""
    return Response("<p>a page", media_type="text/html")


@post("/probe/page", guards=[page])
async def a_form(request: Request[Any, Any, Any]) -> str:
    """A form; the guard has read it already, and it is read again here."""
    return str((await request.form()).get("name"))


@post("/probe/admin", guards=[staff_page("orders:write")])
async def a_staff_form() -> str:
    """A form of the back office."""
    return "in"


@post("/api/probe/count", guards=[shopper])
async def count(request: Request[Any, Any, Any], data: ProbeBody, context: Context) -> Response[Any]:
    """Count once per Idempotency-Key. `wait` takes its time; `refuse` refuses after counting."""

    async def work(session: AsyncSession) -> ProbeAnswer:
        made = new_id()
        await fetch(
            session, "INSERT INTO probe_counts VALUES ($1, $2, $3)", (made, context.company_id, data.name)
        )
        if data.name == "wait":
            await asyncio.sleep(data.quantity)
        if data.name == "refuse":
            raise Conflict("refused", "Not now.")
        return ProbeAnswer(id=str(made), name=data.name)

    return await once(request, work)


PROBES = [
    *(echo, crash, numbers, who, for_signed_in, for_customers, for_staff),
    *(a_page, a_form, a_staff_form, count),
]


@asynccontextmanager
async def probing(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has nothing but the probes."""
    await runtime.database.rows(COUNTS)
    app = observed(runtime, build_application(runtime, PROBES))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


def body(**fields: Any) -> bytes:
    """JSON as a client sends it."""
    return msgspec.json.encode(fields)
