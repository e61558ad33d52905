"""Structured logs: one line an event, JSON in production, with the request's id."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
import structlog

# Named so, a value never reaches a log, whoever passes it.
HIDDEN = re.compile(r"password|secret|token|cookie|authorization|card|cvc|otp", re.IGNORECASE)

# structlog's own prints the local variables of every frame: passwords and tokens among them.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logs(*, level: str, style: str, service: str, role: str) -> None:
    """Send structlog and the standard library's logging through one renderer to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with(service=service, role=role),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        hide_secrets,
    ]
    number = logging.getLevelNamesMapping()[level]
    access_log.facts = {"service": service, "role": role, "level": "info"} if style == "json" else None
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_as_json)
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    last: list[Any] = [TRACEBACKS] if style == "json" else []
    structlog.configure(
        processors=[*shared, *last, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=[*shared, *last])
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


class AccessLog:
    """A line for each request. JSON goes out directly: through structlog it would cost each call 40 µs."""

    def __init__(self) -> None:
        self.facts: dict[str, str] | None = None

    def tell(self, **line: Any) -> None:
        """Write one line; the caller sees to it that nothing in it is secret."""
        if self.facts is None:
            _console.info("request", **line)
            return
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        whole = {"event": "request", **self.facts, "timestamp": at, **line}
        sys.stderr.write(msgspec.json.encode(whole).decode() + "\n")


_console = structlog.get_logger("pasar.access")
access_log = AccessLog()


def hide_secrets(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Replace the value of every key that names a secret."""
    for key in line:
        if _names_a_secret(key):
            line[key] = "[hidden]"
    return line


@lru_cache(maxsize=1000)
def _names_a_secret(key: str) -> bool:
    return HIDDEN.search(key) is not None


def _as_json(line: dict[str, Any], **_options: Any) -> str:
    """One line of JSON; whatever JSON does not know is told as text, for a log must not fail."""
    return msgspec.json.encode(line, enc_hook=repr).decode()


def _with(**facts: str) -> Any:
    def add(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
        line.update(facts)
        return line

    return add
