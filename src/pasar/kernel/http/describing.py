"""What the OpenAPI document says of refusals and of bodies, which Litestar cannot know."""

from __future__ import annotations

from litestar.openapi.spec import (
    Components,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType

PROBLEM = "Problem"
PROBLEM_TYPE = "application/problem+json"
VERBS = ("get", "put", "post", "delete", "patch")


def describe_problems(document: OpenAPI) -> None:
    """Give every operation its refusals: all of one shape, RFC 9457.

    By ranges rather than by `default`, which would also cover successes that nobody has described.
    """
    components = document.components
    if not isinstance(components, Components):
        raise TypeError("the document keeps its shapes in components")
    components.schemas[PROBLEM] = _problem_schema()
    for item in (document.paths or {}).values():
        for verb in VERBS:
            operation: Operation | None = getattr(item, verb)
            if operation is not None:
                _add_refusals(operation)
                _loosen_body(operation)


def _add_refusals(operation: Operation) -> None:
    responses = dict(operation.responses or {})
    responses.pop("400", None)  # Litestar's own shape, which `problems` never sends
    for status, told in (("4XX", "Refused, and why."), ("5XX", "Our mistake, or a part is away.")):
        shape = OpenAPIMediaType(schema=Reference(ref=f"#/components/schemas/{PROBLEM}"))
        responses[status] = OpenAPIResponse(description=told, content={PROBLEM_TYPE: shape})
    operation.responses = responses


def _loosen_body(operation: Operation) -> None:
    """A body that may be null may be left out; Litestar calls every body required."""
    if isinstance(operation.request_body, RequestBody):
        shapes = [media.schema for media in operation.request_body.content.values()]
        if all(isinstance(shape, Schema) and _takes_null(shape) for shape in shapes):
            operation.request_body.required = False


def _takes_null(shape: Schema) -> bool:
    return any(isinstance(one, Schema) and one.type == OpenAPIType.NULL for one in shape.one_of or ())


def _problem_schema() -> Schema:
    text = Schema(type=OpenAPIType.STRING)
    field = Schema(
        type=OpenAPIType.OBJECT,
        required=["field", "code", "message"],
        properties={"field": text, "code": text, "message": text},
    )
    return Schema(
        type=OpenAPIType.OBJECT,
        description="What went wrong (RFC 9457). `code` is stable; `detail` says what to do next.",
        required=["type", "title", "status", "code", "detail", "requestId"],
        properties={
            "type": Schema(type=OpenAPIType.STRING, description="Where the code is explained."),
            "title": text,
            "status": Schema(type=OpenAPIType.INTEGER, minimum=400, maximum=599),
            "code": Schema(type=OpenAPIType.STRING, pattern="^[a-z0-9_]+$"),
            "detail": text,
            "requestId": Schema(type=OpenAPIType.STRING, description="Tell us this when you ask for help."),
            "errors": Schema(type=OpenAPIType.ARRAY, items=field),
        },
    )
