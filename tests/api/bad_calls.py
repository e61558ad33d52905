"""A bad call and its refusal, and short ways to write many of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.bodies import BUYING

JSON = {"content-type": "application/json"}
ITEMS = "/api/public/cart/{cart_id}/items"
ITEM = "/api/public/cart/{cart_id}/items/{item_id}"
ADJUST = "/api/admin/inventory/adjustments"
CHECKOUT = "/api/public/checkout"
PRODUCT = {"productId": "{product_id}"}
HUGE = 10**30
NOBODY = "01936b2a-0000-7000-8000-00000000dead"


@dataclass(frozen=True)
class Bad:
    """A call, and how it is refused, naming `fields`. `content` is sent instead of `body`."""

    told: str
    method: str
    path: str
    body: Any
    status: int
    code: str
    fields: tuple[str, ...] = ()
    caller: str = "guest"
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    repeated: tuple[tuple[str, str], ...] = ()
    files: dict[str, Any] | None = None


def adding(told: str, body: Any, status: int, code: str, *fields: str) -> Bad:
    return Bad(told, "POST", ITEMS, body, status, code, fields)


def raw(told: str, content: bytes, code: str, *fields: str, status: int = 400, **headers: str) -> Bad:
    return Bad(told, "POST", ITEMS, None, status, code, fields, content=content, headers=JSON | headers)


def adjusting(told: str, body: Any, status: int, code: str, *fields: str) -> Bad:
    return Bad(told, "POST", ADJUST, body, status, code, fields, caller="owner")


def buying(told: str, status: int, code: str, *fields: str, **changes: Any) -> Bad:
    return Bad(told, "POST", CHECKOUT, BUYING | changes, status, code, fields)


def named(told: str, headers: dict[str, str], status: int, code: str, caller: str = "guest") -> Bad:
    return Bad(told, "POST", "/api/public/cart", None, status, code, caller=caller, headers=headers)


def sending(told: str, content: bytes, status: int, code: str, *fields: str, **parts: str) -> Bad:
    files: dict[str, Any] = {"file": ("goods.csv", content)}
    files |= {name: (None, value) for name, value in parts.items()}
    return Bad(told, "POST", "/api/admin/imports", None, status, code, fields, caller="owner", files=files)
