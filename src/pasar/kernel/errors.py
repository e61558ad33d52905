"""What can go wrong, as an RFC 9457 problem document with a stable code.

Rules and actions raise these; one handler in `kernel.http.problems` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


class FieldProblem(msgspec.Struct, frozen=True):
    """What is wrong with one field of the request. `field` is its name on the wire."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """A refusal: `status` for the protocol, `code` for programs, `detail` for people.

    `detail` says what to do next. `extra` travels as further members of the document.
    """

    status = 500
    title = "Something went wrong"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra


class BadRequest(Problem):
    """The request cannot be understood."""

    status = 400
    title = "The request is not right"


class Unauthorised(Problem):
    """Nobody is signed in, or no longer."""

    status = 401
    title = "Sign in first"


class Forbidden(Problem):
    """Who is signed in may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Problem):
    """There is no such thing, or not for this caller: which of the two is never said."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """The thing is in a state that does not allow this."""

    status = 409
    title = "Not possible now"


class TooLarge(Problem):
    """The body is larger than this route takes."""

    status = 413
    title = "Too large"


class UnknownType(Problem):
    """The body is of a type that this route does not read."""

    status = 415
    title = "Another type is needed"


class Unprocessable(Problem):
    """The request is well formed, and its content cannot be accepted."""

    status = 422
    title = "Please check what you sent"


class TooMany(Problem):
    """Too often; `Retry-After` says when again."""

    status = 429
    title = "Too many tries"


class Unavailable(Problem):
    """A part that this needs is away for the moment."""

    status = 503
    title = "Not available for the moment"
