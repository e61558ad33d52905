"""Companies of the installation over HTTP, for staff of the company that runs it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import Parameter
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import BadRequest, FieldProblem, Forbidden, Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.i18n import spoken_locales
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.ids import parse_id
from pasar.kernel.money import known_currency
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.public import invite_first_owner, is_platform
from pasar.people.companies.public import companies_page, create_company, create_site
from pasar.people.platform.schemas import CompanyOfInstallation, OpenCompanyBody, OpenedCompanyAnswer
from pasar.people.users.public import EmailError, normalise_email

AnyRequest = Request[Any, Any, Any]
PERMISSION = "platform:companies"
TAGS = ["Platform"]
Limit = Annotated[int, Parameter(ge=1, le=100)]
Cursor = Annotated[str | None, Parameter(max_length=60)]


@get("/api/platform/companies", guards=[staff(PERMISSION)], summary="List companies", tags=TAGS)
async def list_companies(
    context: Context, runtime: Runtime, cursor: Cursor = None, limit: Limit = 50
) -> Page[CompanyOfInstallation]:
    """List the companies of this installation, the newest first: names and hosts, nothing of their trade."""
    await _require_platform(context, runtime)
    after = parse_id(cursor) if cursor else None
    if cursor and after is None:
        raise BadRequest("cursor_malformed", "Send the cursor as the page before gave it.")
    found, more = await companies_page(runtime.database, limit=limit, after=after)
    items = [
        CompanyOfInstallation(
            id=one.id,
            name=one.name,
            handle=one.handle,
            time_zone=one.time_zone,
            is_platform=one.is_platform,
            hosts=list(one.hosts),
            created_at=one.created_at,
        )
        for one in found
    ]
    return Page(items=items, next_cursor=str(found[-1].id) if more else None)


@post(
    "/api/platform/companies",
    guards=[staff(PERMISSION, step_up=True)],
    summary="Open a company",
    tags=TAGS,
)
async def open_company(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    data: OpenCompanyBody,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001  `once` reads it; here it is described
) -> Response[OpenedCompanyAnswer]:
    """Open a company with its site, and invite its owner by mail. Nobody of ours works there."""
    await _require_platform(context, runtime)
    email = _checked(data)
    now = runtime.clock.now()

    async def work(session: AsyncSession) -> OpenedCompanyAnswer:
        company_id = await create_company(
            session, handle=data.handle, name=data.name, time_zone=data.time_zone
        )
        site_id = await _first_site(session, runtime, company_id, data)
        invitation_id = await invite_first_owner(session, company_id, email, locale=data.locale, at=now)
        return OpenedCompanyAnswer(id=company_id, site_id=site_id, invitation_id=invitation_id)

    return await once(request, work)


ROUTES = (list_companies, open_company)


async def _require_platform(context: Context, runtime: Runtime) -> None:
    """An owner holds everything, but only in the own company: this is not of it."""
    if not await is_platform(runtime.database, context.company_id):
        raise Forbidden(
            "platform_only", "Only the company that runs this installation can do this. Ask its staff."
        )


async def _first_site(
    session: AsyncSession, runtime: Runtime, company_id: UUID, data: OpenCompanyBody
) -> UUID:
    return await create_site(
        session,
        company_id,
        name=data.name,
        host=data.host,
        is_default=True,
        currency=data.currencies[0],
        currencies=data.currencies,
        locale=data.locale,
        locales=spoken_locales(),
        public_url=runtime.settings.public_url,
    )


def _checked(data: OpenCompanyBody) -> str:
    """The owner's address, normalised. Raises `Unprocessable` (`invalid_fields`) with every wrong field."""
    problems: list[FieldProblem] = []
    if not data.name.isprintable() or not data.name.strip():
        problems.append(FieldProblem("name", "control_characters", "Write the name on one line."))
    if data.locale not in spoken_locales():
        told = f"Choose one of {', '.join(spoken_locales())}."
        problems.append(FieldProblem("locale", "unknown", told))
    if not all(known_currency(code) for code in data.currencies) or len(set(data.currencies)) < len(
        data.currencies
    ):
        told = "Name each currency once, by its ISO code, such as EUR."
        problems.append(FieldProblem("currencies", "unknown", told))
    email = ""
    try:
        email = normalise_email(data.owner)
    except EmailError as refusal:
        problems.append(FieldProblem("owner", "invalid", str(refusal)))
    if problems:
        raise Unprocessable("invalid_fields", "Check the marked fields and send them again.", errors=problems)
    return email
