"""Bad carts and bad bodies."""

from __future__ import annotations

from typing import Any

from api.bad_calls import HUGE, ITEM, ITEMS, NOBODY, PRODUCT, Bad, adding, raw

QUANTITIES: list[tuple[Any, int, str, tuple[str, ...]]] = [
    (0, 422, "quantity_not_positive", ()),
    (-1, 422, "quantity_not_positive", ()),
    (10**9, 422, "quantity_above_limit", ()),
    (2**63, 422, "quantity_above_limit", ()),
    (HUGE, 422, "quantity_above_limit", ()),
    ("two", 400, "invalid_request", ("quantity",)),
    ("2", 400, "invalid_request", ("quantity",)),
    (1.5, 400, "invalid_request", ("quantity",)),
    (True, 400, "invalid_request", ("quantity",)),
    (None, 400, "invalid_request", ("quantity",)),
    ([1], 400, "invalid_request", ("quantity",)),
]
CART_ROWS = [
    adding("an unknown product", {"productId": NOBODY}, 404, "product_not_found"),
    adding("a draft", {"productId": "{draft_id}"}, 404, "product_not_found"),
    adding("an archived product", {"productId": "{archived_id}"}, 404, "product_not_found"),
    adding(
        "an inactive variant", {"productId": "{sizes_id}", "variantId": "{inactive_id}"}, 422, "not_for_sale"
    ),
    adding("no variant of several", {"productId": "{sizes_id}"}, 422, "variant_required"),
    adding("another product's variant", {**PRODUCT, "variantId": "{draft_variant_id}"}, 422, "not_for_sale"),
    adding("goods without a price in the currency", {"productId": "{rupiah_id}"}, 422, "not_for_sale"),
    adding("no product", {"quantity": 1}, 400, "invalid_request", "productId"),
    adding("a malformed id", {"productId": "cup"}, 400, "invalid_request", "productId"),
    adding("an unknown field", {**PRODUCT, "price": "0.01"}, 400, "invalid_request", "price"),
    adding("another price", {**PRODUCT, "expectedUnitPrice": "0.01"}, 409, "price_changed"),
    adding(
        "a price that is none",
        {**PRODUCT, "expectedUnitPrice": "free"},
        422,
        "price_malformed",
        "expectedUnitPrice",
    ),
    adding(
        "a NUL in a text",
        {**PRODUCT, "customFields": {"note": "a\0b"}},
        422,
        "text_malformed",
        "customFields.note",
    ),
    *[
        adding(f"{quantity!r} pieces", {**PRODUCT, "quantity": quantity}, status, code, *fields)
        for quantity, status, code, fields in QUANTITIES
    ],
    *[
        Bad(f"change to {quantity!r}", "PATCH", ITEM, {"quantity": quantity}, status, code, fields)
        for quantity, status, code, fields in QUANTITIES
        if quantity != 0
    ],
    Bad("an unknown line", "PATCH", ITEMS + "/" + NOBODY, {"quantity": 1}, 404, "line_not_found"),
    Bad("a malformed id in the address", "PATCH", ITEMS + "/1", {"quantity": 1}, 404, "not_found"),
    Bad("a foreign cart", "POST", "/api/public/cart/{foreign_cart_id}/items", PRODUCT, 404, "cart_not_found"),
    Bad(
        "an expired cart",
        "POST",
        "/api/public/cart/{old_cart_id}/items",
        PRODUCT,
        404,
        "cart_not_found",
        headers={"x-session-token": "an-old-token"},
    ),
    Bad(
        "another currency",
        "POST",
        "/api/public/cart",
        {"currency": "EUR"},
        422,
        "currency_not_sold",
        ("currency",),
    ),
    Bad(
        "no currency at all",
        "POST",
        "/api/public/cart",
        {"currency": "euro"},
        400,
        "invalid_request",
        ("currency",),
    ),
    raw("broken JSON", b'{"productId": ', "invalid_body"),
    raw("no JSON", b"productId=1", "invalid_body"),
    raw("no UTF-8", b'{"customFields": {"note": "\xff"}}', "invalid_body"),
    raw("half a surrogate", b'{"productId": "\\ud800"}', "invalid_body"),
    raw("a raw NUL", b'{"productId": "\x00"}', "invalid_body"),
    raw("a number beyond all", b'{"quantity": 1e999}', "invalid_request", "quantity"),
    raw("not a number", b'{"quantity": NaN}', "invalid_body"),
    raw("a field twice", b'{"quantity": 1, "quantity": 2}', "invalid_request", "productId"),
    raw(
        "a field twice in a whole body",
        b'{"productId": "' + NOBODY.encode() + b'", "quantity": 1, "quantity": 2}',
        "invalid_request",
        "quantity",
    ),
    raw("no body", b"", "invalid_request"),
    raw("a list", b"[]", "invalid_request"),
    raw(
        "nested without end",
        b'{"customFields": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "invalid_body",
    ),
    raw("a name nested without end", b'{"x": ' * 100_000, "invalid_request", "x"),
    raw("too large", b'{"productId": "' + b"x" * 1_000_000 + b'"}', "body_too_large", status=413),
    Bad(
        "a form",
        "POST",
        ITEMS,
        None,
        415,
        "json_required",
        content=b"{}",
        headers={"content-type": "text/plain"},
    ),
]
