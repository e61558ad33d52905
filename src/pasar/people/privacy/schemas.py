"""Exports, erasures and consents as they travel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output
from pasar.people.privacy.consents import PURPOSES, ConsentState
from pasar.people.privacy.exports import ExportState


class ExportAnswer(Output):
    """How far an export is; `url` leads to the ZIP once it is ready, for seven days."""

    id: UUID
    state: str
    done: int
    total: int
    size: int | None
    url: str | None
    created_at: datetime
    expires_at: datetime


class ConsentAnswer(Output):
    """One purpose, the words that one agrees to, and whether one does."""

    purpose: str
    text: str
    wording: int
    given: bool
    at: datetime | None


class ConsentChange(Input):
    """Yes or no to one purpose; `wording` is the version of the words that were shown."""

    purpose: Annotated[str, Meta(max_length=40)]
    given: bool
    wording: int | None = None


class ConsentChanges(Input):
    """What one says."""

    items: Annotated[list[ConsentChange], Meta(min_length=1, max_length=len(PURPOSES) * 2)]


class ErasureAnswer(Output):
    """That somebody is erased."""

    erasure_id: UUID


def export_answer(export: ExportState, file_path: str) -> ExportAnswer:
    """An export on the wire; its file is at `file_path`."""
    return ExportAnswer(
        id=export.id,
        state=export.state,
        done=export.done,
        total=export.total,
        size=export.size,
        url=file_path if export.file_key is not None else None,
        created_at=export.created_at,
        expires_at=export.expires_at,
    )


def consent_answer(state: ConsentState) -> ConsentAnswer:
    """A consent on the wire."""
    return ConsentAnswer(
        purpose=state.purpose.name,
        text=state.purpose.text,
        wording=state.purpose.wording,
        given=state.given,
        at=state.at,
    )
