"""A body that is right for each operation that takes one; `{name}` stands for a row's id."""

from __future__ import annotations

import json
from typing import Any

from support.selling import ADDRESS

ZONE = {"name": "North", "countries": ["NO"]}
RATE = {"name": "VAT", "country": "NO", "percent": "25"}
PRODUCT = {"title": "Bowl"}
BUYING = {"email": "ann@example.com", "shippingAddress": ADDRESS, "paymentMethod": "manual"}
LINE = {"productId": "{product_id}", "variantId": "{variant_id}", "quantity": 1}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/auth/me"): {"name": "Ann Buyer"},
    ("POST", "/api/auth/second-factor"): {"challenge": "0" * 64, "code": "123456"},
    ("PATCH", "/api/auth/factors/passkeys/{passkey_id}"): {"name": "Telephone"},
    ("POST", "/api/addresses"): ADDRESS,
    ("PATCH", "/api/addresses/{address_id}"): {"line1": "2 Market Street"},
    ("PATCH", "/api/admin/company"): {"name": "Test shop"},
    ("POST", "/api/admin/sites"): {"name": "Third window", "currency": "USD"},
    ("PATCH", "/api/admin/sites/{site_id}"): {"name": "Other window"},
    ("POST", "/api/admin/roles"): {"name": "Pickers", "permissions": ["orders:read"]},
    ("PATCH", "/api/admin/roles/{role_id}"): {"permissions": ["orders:read"]},
    ("PATCH", "/api/admin/staff/{user_id}"): {"role": "support"},
    ("POST", "/api/admin/api-keys"): {"name": "Robot", "scopes": ["orders:read"]},
    ("POST", "/api/admin/api-keys/{key_id}/rotate"): {"oldKeyHours": 0},
    ("POST", "/api/admin/invitations"): {"email": "new@example.com", "role": "viewer"},
    ("POST", "/api/admin/shipping-zones"): ZONE,
    ("PUT", "/api/admin/shipping-zones/{zone_id}"): ZONE,
    ("POST", "/api/admin/tax-rates"): RATE,
    ("PUT", "/api/admin/tax-rates/{rate_id}"): RATE,
    ("POST", "/api/admin/inventory/adjustments"): {
        "variantId": "{variant_id}",
        "locationId": "{location_id}",
        "delta": 1,
        "reason": "received",
    },
    ("PUT", "/api/admin/inventory/{variant_id}"): {"reorderLevel": 3},
    ("POST", "/api/admin/locations"): {"name": "Cellar"},
    ("PATCH", "/api/admin/locations/{location_id}"): {"name": "Attic"},
    ("POST", "/api/admin/products"): PRODUCT,
    ("PATCH", "/api/admin/products/{product_id}"): PRODUCT,
    ("PUT", "/api/admin/products/{product_id}"): PRODUCT,
    ("POST", "/api/admin/products/{product_id}/variants"): {"weightGrams": 5},
    ("PATCH", "/api/admin/products/{product_id}/variants/{variant_id}"): {"weightGrams": 5},
    ("PUT", "/api/admin/products/{product_id}/variants/{variant_id}"): {"weightGrams": 5},
    ("POST", "/api/admin/categories"): {"title": "Bowls"},
    ("PATCH", "/api/admin/categories/{category_id}"): {"title": "Bowls"},
    ("PUT", "/api/admin/categories/{category_id}"): {"title": "Bowls"},
    ("POST", "/api/admin/products/{product_id}/media"): {"url": "https://pictures.example.com/cup.png"},
    ("PATCH", "/api/admin/media/{media_id}"): {"alt": "A cup"},
    ("PUT", "/api/admin/products/{product_id}/media/order"): {"mediaIds": ["{media_id}"]},
    ("POST", "/api/public/cart"): {"currency": "USD"},
    ("POST", "/api/public/cart/{cart_id}/items"): LINE,
    ("PATCH", "/api/public/cart/{cart_id}/items/{item_id}"): {"quantity": 2},
    ("POST", "/api/cart/items"): LINE,
    ("PATCH", "/api/cart/items/{item_id}"): {"quantity": 2},
    ("POST", "/api/public/checkout"): BUYING,
    ("POST", "/api/checkout"): BUYING,
    ("POST", "/api/orders"): BUYING,
    ("POST", "/api/orders/{order_id}/cancel"): {"reason": "Too late"},
    ("POST", "/api/admin/orders/{order_id}/ship"): {"carrier": "DHL", "trackingNumber": "1"},
    ("POST", "/api/admin/orders/{order_id}/cancel"): {"reason": "Too late"},
}


def filled(value: Any, ids: dict[str, str]) -> Any:
    """`value` with the ids in the places that name them."""
    text = json.dumps(value)
    for name, row_id in ids.items():
        text = text.replace("{" + name + "}", row_id)
    return json.loads(text)
