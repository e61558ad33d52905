"""Bad stock, orders, headers, files and addresses."""

from __future__ import annotations

from api.bad_calls import (
    CHECKOUT,
    HUGE,
    NOBODY,
    Bad,
    adjusting,
    buying,
    named,
    sending,
)
from api.bodies import BUYING

OTHER_ROWS = [
    adjusting(
        "no stock at all", {"variantId": NOBODY, "delta": 1, "reason": "received"}, 404, "variant_not_found"
    ),
    adjusting(
        "neither count nor change",
        {"variantId": "{variant_id}", "reason": "received"},
        422,
        "one_of_set_to_delta",
    ),
    adjusting(
        "a count beyond all",
        {"variantId": "{variant_id}", "setTo": HUGE, "reason": "counted"},
        400,
        "invalid_request",
        "setTo",
    ),
    adjusting(
        "an unknown reason",
        {"variantId": "{variant_id}", "delta": 1, "reason": "magic"},
        400,
        "invalid_request",
        "reason",
    ),
    buying("no e-mail", 422, "details_invalid", "email", email="ann"),
    buying("no address", 400, "invalid_request", "shippingAddress", shippingAddress=None),
    buying(
        "an address without a place",
        422,
        "details_invalid",
        "shippingAddress.name",
        "shippingAddress.line1",
        "shippingAddress.city",
        "shippingAddress.region",
        "shippingAddress.postalCode",
        shippingAddress={"country": "US"},
    ),
    buying("no such way to pay", 422, "payment_method_unknown", "paymentMethod", paymentMethod="shells"),
    buying("another total", 409, "price_changed", expectedTotal="1.00"),
    buying("another company's method", 422, "no_shipping", "shippingMethodId", shippingMethodId=NOBODY),
    Bad(
        "a key that is too long",
        "POST",
        CHECKOUT,
        BUYING,
        400,
        "invalid_request",
        ("idempotency-key",),
        headers={"idempotency-key": "x" * 256},
    ),
    Bad(
        "a key with a control character",
        "POST",
        CHECKOUT,
        BUYING,
        400,
        "idempotency_key_malformed",
        headers={"idempotency-key": "a\x07b"},
    ),
    named("no company id", {"x-company-id": "mine"}, 400, "company_id_malformed"),
    named("an id in braces", {"x-company-id": "{" + NOBODY + "}"}, 400, "company_id_malformed"),
    named("an unknown company", {"x-company-id": NOBODY}, 400, "company_required"),
    named("another company", {"x-company-id": "{foreign_company_id}"}, 403, "company_mismatch", "customer"),
    named(
        "another company's staff", {"x-company-id": "{foreign_company_id}"}, 403, "company_mismatch", "owner"
    ),
    named("no token", {"authorization": "Basic abc"}, 401, "token_malformed"),
    named("a token of nobody's", {"authorization": "Bearer abc"}, 401, "token_invalid"),
    *[
        Bad(f"{name} twice", "POST", CHECKOUT, BUYING, 400, "header_repeated", repeated=((name, value),) * 2)
        for name, value in [
            ("x-company-id", NOBODY),
            ("authorization", "Bearer abc"),
            ("x-session-token", "a"),
            ("idempotency-key", "a"),
        ]
    ],
    sending("an empty file", b"", 422, "import_empty", currency="USD"),
    sending("a PDF that calls itself a table", b"%PDF-1.7\n", 422, "import_not_csv", currency="USD"),
    sending("no such currency", b"Handle\n", 422, "currency_unknown", "currency", currency="XXX"),
    sending(
        "neither true nor false",
        b"Handle\n",
        400,
        "invalid_request",
        "strict",
        currency="USD",
        strict="maybe",
    ),
    sending("an unknown part", b"Handle\n", 400, "file_required", currency="USD", shop="mine"),
    Bad("no file", "POST", "/api/admin/imports", {"currency": "USD"}, 400, "file_required", caller="owner"),
    *[
        Bad(f"{told} in {path}", "GET", f"{path}={value}", None, status, code, fields, caller=caller)
        for path, caller in [
            ("/api/admin/orders?cursor", "owner"),
            ("/api/orders?cursor", "customer"),
            ("/api/admin/inventory?cursor", "owner"),
            ("/api/admin/inventory/low-stock?cursor", "owner"),
            ("/api/admin/products?cursor", "owner"),
            ("/api/products?cursor", "guest"),
            ("/api/admin/customers?cursor", "owner"),
        ]
        for told, value, status, code, fields in [
            ("another cursor", "bm90aGluZw", 400, "cursor_malformed", ())
        ]
    ],
    *[
        Bad(f"a time before all times, {told}", "GET", path, None, 400, "cursor_malformed", caller="owner")
        for told, path in [
            (
                "orders",
                "/api/admin/orders?cursor=MDAwMS0wMS0wMVQwMDowMDowMCsyMzo1OSAwMTkzNmIyYS0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMGRlYWQ",
            ),
            (
                "stock",
                "/api/admin/inventory/adjustments?variantId={variant_id}&cursor=0001-01-01T00:00:00%2B23:59/"
                + NOBODY,
            ),
        ]
    ],
    *[
        Bad(f"a NUL in {path}", "GET", path, None, 422, "text_malformed", caller=caller)
        for path, caller in [
            ("/api/admin/orders?q=a%00b", "owner"),
            ("/api/admin/inventory?sku=a%00b", "owner"),
            ("/api/public/orders/ORD%00?email=a@example.com", "guest"),
        ]
    ],
    Bad(
        "a weight under nothing",
        "GET",
        "/api/public/shipping-methods?country=US&weightGrams=-1",
        None,
        400,
        "invalid_request",
        ("weightGrams",),
    ),
    Bad("a limit of none", "GET", "/api/products?limit=0", None, 400, "invalid_request", ("limit",)),
    Bad("a limit beyond all", "GET", f"/api/products?limit={HUGE}", None, 400, "invalid_request", ("limit",)),
    Bad(
        "a price that is none",
        "GET",
        "/api/search?minPrice=free",
        None,
        422,
        "price_malformed",
        ("minPrice",),
    ),
    Bad("broken percents", "GET", "/api/products/%zz%ff%2e%2e%2f", None, 404, "product_not_found"),
    Bad("a way too long", "GET", "/api/products/" + "x" * 20_000, None, 404, "product_not_found"),
    Bad(
        "line breaks for headers",
        "GET",
        "/api/products/a%0d%0aset-cookie:%20b=c",
        None,
        404,
        "product_not_found",
    ),
]
