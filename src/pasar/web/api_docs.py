"""The OpenAPI document as a page: every operation with its body and answers, nothing from another host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get

from pasar.kernel.http.guards import anyone
from pasar.web.answering import bare_response

AnyRequest = Request[Any, Any, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@get("/api/docs", guards=[anyone], include_in_schema=False)
async def api_docs(request: AnyRequest) -> Response[bytes]:
    """Browse the API."""
    document = request.app.openapi_schema.to_schema()
    return bare_response(request, "api_docs.html", groups=operations_by_tag(document), info=document["info"])


def operations_by_tag(document: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Operations in reading order: by tag, path and method, each with its fields flattened for a table."""
    groups: dict[str, list[dict[str, Any]]] = {}
    schemas = document.get("components", {}).get("schemas", {})
    for path, item in sorted(document.get("paths", {}).items()):
        for method in METHODS:
            if method in item:
                operation = item[method]
                tag = (operation.get("tags") or ["Other"])[0]
                groups.setdefault(tag, []).append(_operation(method, path, operation, schemas))
    return sorted(groups.items())


def _operation(
    method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> dict[str, Any]:
    body = _schema_of(operation.get("requestBody", {}))
    return {
        "anchor": f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        "method": method.upper(),
        "path": path,
        "summary": _first_sentence(operation),
        "description": operation.get("description") or "",
        "parameters": [
            {
                "name": parameter["name"],
                "where": parameter["in"],
                "required": parameter.get("required", False),
                "type": type_name(parameter.get("schema", {})),
            }
            for parameter in operation.get("parameters", [])
        ],
        "fields": _fields(body, schemas) if body else [],
        "answers": [
            {
                "status": status,
                "text": answer.get("description", ""),
                "fields": _answer_fields(answer, schemas),
            }
            for status, answer in sorted(operation.get("responses", {}).items())
        ],
    }


def _first_sentence(operation: Mapping[str, Any]) -> str:
    """What the operation does: its summary, or the docstring's beginning where that was made of a name."""
    summary = operation.get("summary") or ""
    return summary if " " in summary else (operation.get("description") or summary).split(". ")[0].rstrip(".")


def _answer_fields(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = _schema_of(answer)
    return _fields(schema, schemas) if schema else []


def _schema_of(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for content in part.get("content", {}).values():
        schema: Mapping[str, Any] | None = content.get("schema")
        return schema
    return None


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        schema = schemas.get(schema["$ref"].rsplit("/", 1)[-1], {})
    required = set(schema.get("required", ()))
    return [
        {"name": name, "type": type_name(field), "required": name in required}
        for name, field in schema.get("properties", {}).items()
    ]


def type_name(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `string (uuid)`, `list of CartItem`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return " or ".join(type_name(choice) for choice in choices)
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {type_name(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
