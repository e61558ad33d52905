"""The one place that turns whatever went wrong into an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    ValidationException,
)
from litestar.exceptions import NotFoundException as RouteNotFound

from pasar.kernel.db.database import is_contention, is_malformed_text, is_outage
from pasar.kernel.errors import (
    BadRequest,
    FieldProblem,
    NotFound,
    Problem,
    TooLarge,
    Unavailable,
    Unprocessable,
)
from pasar.kernel.http.bodies import NUL_BODY, nul_fields
from pasar.kernel.http.told_paths import told_path

log = structlog.get_logger(__name__)
AnyRequest = Request[Any, Any, Any]
ErrorPage = Callable[[AnyRequest, Problem], Response[Any] | None]

PATH_IN_MESSAGE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")
NAMED_IN_MESSAGE = re.compile(r"(?P<what>unknown|missing required) field `(?P<field>[^`]*)`")
NAMED_PROBLEMS = {
    "unknown": ("unknown", "There is no such field."),
    "missing required": ("required", "This field is required."),
}
STATUS_TOO_LARGE = 413
# Addresses that only programs ask, browsers' own among them: a page would be of no use there.
FOR_PROGRAMS = ("/api/", "/health", "/media/", "/uploads/")


def problem_of(request: AnyRequest, error: Exception) -> Problem:
    """Say what `error` means to the caller. Unknown errors become a plain 500, logged whole."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, MethodNotAllowedException):
        return _with_status(
            405, "method_not_allowed", "This address does not take that method.", error.headers
        )
    if isinstance(error, RouteNotFound):
        return NotFound("not_found", "There is nothing at this address.")
    if isinstance(error, ValidationException):
        return _from_validation(request, error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    known = _from_database(request, error)
    if known is not None:
        return known
    log.error("request.crashed", exc_info=error, path=told_path(request.scope))
    return Problem("internal_error", "This is our mistake. Try again; if it stays, tell us the request id.")


def _from_database(request: AnyRequest, error: Exception) -> Problem | None:
    if is_malformed_text(error):
        body = request.scope["state"].get(NUL_BODY)
        fields = nul_fields(body) if body is not None else ()
        return Unprocessable("text_malformed", "A text holds the character NUL. Leave it out.", errors=fields)
    if is_outage(error):
        log.warning("database.unavailable", reason=type(error).__name__)
        return Unavailable(
            "database_unavailable",
            "The database is away for the moment. Nothing was lost; try again in a few seconds.",
            headers={"Retry-After": "2"},
        )
    if is_contention(error):
        log.warning("database.contention", reason=type(error).__name__)
        return Unavailable(
            "try_again",
            "Others are changing the same thing at this moment. Nothing was changed; send it again.",
            headers={"Retry-After": "1"},
        )
    return None


def _from_http(error: HTTPException) -> Problem:
    if error.status_code == STATUS_TOO_LARGE:
        return TooLarge("body_too_large", "The body is larger than this address takes.")
    if isinstance(error, ClientException):
        return BadRequest("invalid_body", _without_path(error.detail), errors=_field_of(error.detail))
    return _with_status(error.status_code, "http_error", error.detail, error.headers)


def _from_validation(request: AnyRequest, error: ValidationException) -> Problem:
    """Litestar calls the whole body `data`, and names unknown and missing fields in its text only."""
    fields, general = [], []
    for item in error.extra if isinstance(error.extra, list) else []:
        message, name = str(item.get("message", "")), str(item.get("key", ""))
        if item.get("source") != "body":
            name = _sent_name(request, name)
        name = "" if name == "data" else name
        named = NAMED_IN_MESSAGE.search(message)
        if named:
            code, told = NAMED_PROBLEMS[named["what"]]
            fields.append(FieldProblem(f"{name}.{named['field']}".lstrip("."), code, told))
        elif name:
            fields.append(FieldProblem(name, "invalid", message))
        else:
            general.append("Send a body." if message == "'data'" else f"{message}.")
    detail = " ".join(["Some of what you sent cannot be read.", *general])
    return BadRequest("invalid_request", detail, errors=fields)


def _sent_name(request: AnyRequest, name: str) -> str:
    """The name of a header or a query's part as it travels; Litestar tells the handler's own."""
    parameter = request.route_handler.parsed_fn_signature.parameters.get(name)
    return str(getattr(parameter.kwarg_definition, "name", None) or name) if parameter else name


def _field_of(message: str) -> list[FieldProblem]:
    match = PATH_IN_MESSAGE.search(message)
    return [FieldProblem(match["path"], "invalid", _without_path(message))] if match else []


def _without_path(message: str) -> str:
    return PATH_IN_MESSAGE.sub("", message)


def _with_status(status: int, code: str, detail: str, headers: Any) -> Problem:
    problem = Problem(code, detail, headers=dict(headers or {}))
    problem.status = status
    problem.title = detail
    return problem


def document(request: AnyRequest, problem: Problem) -> dict[str, Any]:
    """The problem document, RFC 9457, with our stable `code` and the request's id."""
    body: dict[str, Any] = {
        "type": f"/api/docs#problem-{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "requestId": request.scope["state"].get("request_id", ""),
    }
    if problem.errors:
        body["errors"] = msgspec.to_builtins(problem.errors)
    return body | problem.extra


def to_problem(request: AnyRequest, error: Exception) -> Response[Any]:
    """Litestar's handler for every exception: a page for people, a document for programs."""
    problem = problem_of(request, error)
    request.scope["state"]["refused"] = problem.code  # for the request's line in the log
    render: ErrorPage | None = getattr(request.app.state, "error_page", None)
    if render is not None and not request.url.path.startswith(FOR_PROGRAMS):
        answer = render(request, problem)
        if answer is not None:
            return answer
    return Response(
        msgspec.json.encode(document(request, problem)),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=problem.headers,
    )


__all__ = ["document", "problem_of", "to_problem"]
