"""Imports in the back office: send a file, watch it, read what became of each line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from pasar.kernel.errors import TooLarge, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_currencies
from pasar.shop.catalog.importing.http import LARGEST_UPLOAD, file_pieces
from pasar.shop.catalog.importing.queries import import_of, latest_imports
from pasar.shop.catalog.importing.schemas import ImportOut
from pasar.shop.catalog.importing.start_import import start_import
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.tables import Badge, Column, Link, Moment, Row, Table, Tone

__all__ = ["IMPORT_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/imports"
READ, WRITE = [staff_page("catalog:read")], [staff_page("catalog:write")]
LOOK_AGAIN_SECONDS: Final = 2
UNFINISHED: Final = frozenset({"waiting", "running"})
_STATES: Final[Mapping[str, tuple[str, Tone]]] = {
    "waiting": (N_("Waiting"), "neutral"),
    "running": (N_("Running"), "warning"),
    "done": (N_("Done"), "success"),
    "undone": (N_("Taken back"), "danger"),
    "failed": (N_("Failed"), "danger"),
}
_REFUSALS: Final[Refusals] = {
    "import_empty": ("file", N_("The file is empty. Choose another one.")),
    "import_not_csv": ("file", N_("This is no CSV file, whatever its name says. Save the goods as CSV.")),
    "import_too_large": ("file", N_("A file has at most 64 MB. Ask your host to import larger ones.")),
}

admin_menu.add(
    MenuEntry(N_("Import and export"), HOME, "download", group="goods", permission="catalog:read", order=40)
)


@get(HOME, guards=READ, include_in_schema=False)
async def show_imports(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for a file, and list the latest imports."""
    values = {"currency": context.site.currency, "strict": False, "update_stock": False}
    return await _page(request, context, runtime, values, {})


@post(HOME, guards=WRITE, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def send_import(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Take a Shopify product CSV; a job imports it."""
    form = await request.form()
    file = form.get("file")
    currencies = await company_currencies(runtime.database, context.company_id)
    values = {
        "currency": text_of(form, "currency", 3),
        "strict": bool(text_of(form, "strict")),
        "update_stock": bool(text_of(form, "update_stock")),
    }
    words = translator(context.locale)
    errors: dict[str, str] = {}
    if not isinstance(file, UploadFile) or not file.filename:
        errors["file"] = words.gettext("Choose the file to import.")
    if values["currency"] not in currencies:
        errors["currency"] = words.gettext("Choose the currency of the file's prices.")
    if errors or not isinstance(file, UploadFile):
        return await _page(request, context, runtime, values, errors)
    try:
        import_id = await start_import(
            runtime,
            context.company_id,
            file_pieces(file),
            file_name=file.filename,
            currency=str(values["currency"]),
            strict=bool(values["strict"]),
            update_stock=bool(values["update_stock"]),
            author=context.caller.label,
        )
    except (TooLarge, Unprocessable) as problem:
        return await _page(request, context, runtime, values, refusal_errors(problem, _REFUSALS, words))
    return see_other(f"{HOME}/{import_id}")


@get(f"{HOME}/{{import_id:uuid}}", guards=READ, include_in_schema=False)
async def show_import(
    request: AnyRequest, context: Context, runtime: Runtime, import_id: UUID
) -> Response[bytes]:
    """Show an import's progress; until it has ended the page looks again by itself, without script."""
    found = await import_of(runtime.database, context.company_id, import_id)
    words = translator(context.locale)
    refresh = {"Refresh": str(LOOK_AGAIN_SECONDS)} if found.status in UNFINISHED else {}
    return await page_response(
        request,
        "shop/catalog/backoffice/import.html",
        headers=refresh,
        found=found,
        state=_STATES[found.status],
        unfinished=found.status in UNFINISHED,
        table=_findings(found, words),
    )


IMPORT_BACKOFFICE = (show_imports, send_import, show_import)


def _findings(found: ImportOut, words: Translator) -> Table:
    tones: dict[str, tuple[str, Tone]] = {
        "error": (N_("Left out"), "danger"),
        "warning": (N_("Look at it"), "warning"),
    }
    return Table(
        columns=(
            Column(words.gettext("Line"), number=True),
            Column(words.gettext("What became of it")),
            Column(words.gettext("Column")),
            Column(words.gettext("Why")),
        ),
        rows=[
            Row(
                str(place),
                (
                    str(one.line),
                    Badge(words.gettext(tones[one.severity][0]), tones[one.severity][1]),
                    one.column or None,
                    one.message,
                ),
            )
            for place, one in enumerate(found.problems)
        ],
        empty_title="",
        empty_text="",
    )


async def _page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
) -> Response[bytes]:
    words = translator(context.locale)
    found = await latest_imports(runtime.database, context.company_id)
    currencies = await company_currencies(runtime.database, context.company_id)
    table = Table(
        columns=(
            Column(words.gettext("File")),
            Column(words.gettext("When")),
            Column(words.gettext("Status")),
            Column(words.gettext("Rows"), number=True),
            Column(words.gettext("New"), number=True),
            Column(words.gettext("Changed"), number=True),
            Column(words.gettext("Left out"), number=True),
        ),
        rows=[
            Row(
                str(one.id),
                (
                    Link(one.file_name or "products.csv", f"{HOME}/{one.id}"),
                    Moment(one.created_at),
                    Badge(words.gettext(_STATES[one.status][0]), _STATES[one.status][1]),
                    one.rows,
                    one.created,
                    one.updated,
                    one.errors,
                ),
            )
            for one in found
        ],
        empty_title="",
        empty_text="",
    )
    return await page_response(
        request,
        "shop/catalog/backoffice/imports.html",
        status=422 if errors else 200,
        table=table,
        currencies=[(code, code) for code in currencies],
        values=values,
        errors=errors,
    )
