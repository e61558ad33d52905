"""One's own data over HTTP: take it along, be forgotten, agree or not."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, get, post, put

from pasar.kernel.errors import Conflict
from pasar.kernel.http.guards import require_step_up, signed_in
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.privacy.actions.record_consents import record_consents
from pasar.people.privacy.consents import PURPOSES, consents_of
from pasar.people.privacy.exports import file_of, own_export
from pasar.people.privacy.own_rights import ask_for_own_export, erase_own
from pasar.people.privacy.schemas import (
    ConsentAnswer,
    ConsentChanges,
    ErasureAnswer,
    ExportAnswer,
    consent_answer,
    export_answer,
)

TAGS: Final = ["Privacy"]
EXPORTS: Final = "/api/account/export"


@post(EXPORTS, status_code=202, guards=[signed_in], summary="Give me all my data", tags=TAGS)
async def begin_export(context: Context, runtime: Runtime) -> ExportAnswer:
    """Make a ZIP of everything that is known of oneself. One that is under way is answered again."""
    async with runtime.database.transaction() as session:
        export_id = await ask_for_own_export(session, context, runtime.clock.now())
    return export_answer(await own_export(runtime, context.user_id, export_id), own_file(export_id))


@get(f"{EXPORTS}/{{export_id:uuid}}", guards=[signed_in], summary="How far is my export?", tags=TAGS)
async def show_export(export_id: UUID, context: Context, runtime: Runtime) -> ExportAnswer:
    """Say how far the export is."""
    return export_answer(await own_export(runtime, context.user_id, export_id), own_file(export_id))


@get(
    f"{EXPORTS}/{{export_id:uuid}}/file",
    guards=[signed_in],
    summary="The file of my data",
    tags=TAGS,
    media_type="application/zip",
)
async def download_export(export_id: UUID, context: Context, runtime: Runtime) -> Response[bytes]:
    """Answer the ZIP."""
    return zip_response(
        await file_of(runtime, await own_export(runtime, context.user_id, export_id)), export_id
    )


@post("/api/account/erase", status_code=200, guards=[signed_in], summary="Forget me", tags=TAGS)
async def erase_account(context: Context, runtime: Runtime) -> ErasureAnswer:
    """Erase one's account at every shop of this installation. Needs a step-up; cannot be undone."""
    require_step_up(context, runtime.clock.now())
    async with runtime.database.transaction() as session:
        erasure_id = await erase_own(session, runtime, context)
    return ErasureAnswer(erasure_id=erasure_id)


@get("/api/account/consents", guards=[signed_in], summary="What did I agree to?", tags=TAGS)
async def show_consents(context: Context, runtime: Runtime) -> Page[ConsentAnswer]:
    """Every purpose, its words, and one's answer at this shop."""
    states = await consents_of(runtime.database, context.company_id, context.user_id)
    return Page(items=[consent_answer(state) for state in states], total=len(states))


@put("/api/account/consents", guards=[signed_in], summary="Agree, or no longer", tags=TAGS)
async def change_consents(data: ConsentChanges, context: Context, runtime: Runtime) -> Page[ConsentAnswer]:
    """Note what one agrees to at this shop from now on. A version of words that is over is refused."""
    for item in data.items:
        purpose = PURPOSES.get(item.purpose)
        if purpose is not None and item.wording is not None and item.wording != purpose.wording:
            raise Conflict("wording_changed", "The words have changed. Read them again, then answer.")
    async with runtime.database.transaction() as session:
        await record_consents(
            session,
            context.company_id,
            context.user_id,
            {item.purpose: item.given for item in data.items},
            at=runtime.clock.now(),
            address=context.address,
        )
    states = await consents_of(runtime.database, context.company_id, context.user_id)
    return Page(items=[consent_answer(state) for state in states], total=len(states))


def own_file(export_id: UUID) -> str:
    """Where one's file is."""
    return f"{EXPORTS}/{export_id}/file"


def zip_response(content: bytes, export_id: UUID) -> Response[bytes]:
    """A ZIP to keep, which no cache keeps."""
    return Response(
        content,
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="personal-data-{export_id}.zip"',
            "Cache-Control": "no-store",
        },
    )


PRIVACY_ROUTES = (
    begin_export,
    show_export,
    download_export,
    erase_account,
    show_consents,
    change_consents,
)
