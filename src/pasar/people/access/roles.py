"""What may this role do?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PERMISSIONS: Final[dict[str, str]] = {
    "catalog:read": "See products, drafts and archived ones included, and their price history",
    "catalog:write": "Create, change, archive and import products",
    "inventory:read": "See locations, stock and who adjusted it",
    "inventory:write": "Adjust stock and manage locations",
    "orders:read": "See orders with the buyers' addresses",
    "orders:write": "Confirm, process, ship, deliver and cancel orders",
    "customers:read": "See customers",
    "customers:write": "Change customers",
    "settings:read": "See taxes, shipping and other settings",
    "settings:write": "Change taxes, shipping and other settings",
}
"""Every permission with its meaning, in the order in which people read them."""

EVERYTHING: Final = "*"

_GRANTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"owner": frozenset({EVERYTHING}), "manager": frozenset(PERMISSIONS)}
)

ROLES: Final[tuple[str, ...]] = tuple(_GRANTS)
"""The roles of staff, the strongest first."""


def permissions_of(role: str) -> frozenset[str]:
    """What `role` allows; `*` is everything, also what comes later. An unknown role allows nothing."""
    return _GRANTS.get(role, frozenset())
