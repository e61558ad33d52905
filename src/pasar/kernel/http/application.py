"""The Litestar application: routes of the modules given, one error handler, closed schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, Router
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler

from pasar.kernel.http.bodies import JsonRequest
from pasar.kernel.http.describing import describe_problems
from pasar.kernel.http.documentation import DOCUMENTATION_ROUTES
from pasar.kernel.http.guards import context_of
from pasar.kernel.http.health import HEALTH_ROUTES
from pasar.kernel.http.problems import ErrorPage, to_problem
from pasar.kernel.http.schema import Input
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context

LARGEST_BODY = 1_000_000


class NoRoutes(Router):
    """Stays empty: Litestar would add pages that load their scripts from other hosts, unguarded."""

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:  # noqa: ARG002  Router's own signature
        """Take nothing."""
        return []


class Application(Litestar):
    """Litestar, whose OPTIONS tell all methods of an address.

    Litestar makes the handler for OPTIONS when the first route of an address comes, and keeps it when the
    others come: its `Allow` would name the first route's method alone. Left out here, it is made anew.
    """

    @property
    def route_handler_method_map(self) -> dict[str, Any]:
        """The handlers that are there when another one comes to the same address."""
        known: dict[str, Any] = super().route_handler_method_map
        return {
            path: {method: handler for method, handler in handlers.items() if method != "OPTIONS"}
            for path, handlers in known.items()
        }


async def provide_runtime(request: Request[Any, Any, Any]) -> Runtime:
    """The process's runtime."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def provide_context(request: Request[Any, Any, Any], runtime: Runtime) -> Context:  # noqa: ARG001
    """What the guard found out.

    It names `runtime` so that the two are resolved one after the other: two that stand side by side cost
    every call a task group, 110 µs.
    """
    return context_of(request)


def build_application(
    runtime: Runtime, routes: Sequence[ControllerRouterHandler], *, error_page: ErrorPage | None = None
) -> Litestar:
    """Put the application together. `error_page` renders problems for people who look at pages."""
    app = Application.from_config(
        AppConfig(
            route_handlers=[*HEALTH_ROUTES, *DOCUMENTATION_ROUTES, *routes],
            dependencies={"runtime": Provide(provide_runtime), "context": Provide(provide_context)},
            exception_handlers={Exception: to_problem},
            openapi_config=OpenAPIConfig(
                title="Pasar",
                version=runtime.settings.version,
                description="A commerce back end. Money travels as decimal strings beside its currency.",
                openapi_router=NoRoutes("/api/openapi", route_handlers=[]),
                components=Components(
                    security_schemes={
                        "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")
                    }
                ),
                use_handler_docstrings=True,
            ),
            state=State({"runtime": runtime, "error_page": error_page}),
            request_class=JsonRequest,
            request_max_body_size=LARGEST_BODY,
            logging_config=None,
            debug=False,
        )
    )
    close_inputs(app)
    describe_problems(app.openapi_schema)
    return app


def close_inputs(app: Litestar) -> None:
    """Say in the document what the decoder does: a body has no other fields than those named."""
    names = {_schema_name(kind) for kind in _all_subclasses(Input)}
    schemas = app.openapi_schema.components.schemas if app.openapi_schema.components else None
    for name, schema in (schemas or {}).items():
        if name in names:
            schema.additional_properties = False


def _schema_name(kind: type[msgspec.Struct]) -> str:
    return kind.__name__


def _all_subclasses(kind: type[Any]) -> set[type[Any]]:
    direct = set(kind.__subclasses__())
    return direct | {deeper for child in direct for deeper in _all_subclasses(child)}
