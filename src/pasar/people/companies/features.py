"""Which features does a site have switched on?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "enableCart": True,
        "enableWishlist": True,
        "enableCompare": False,
        "guestCheckout": True,
        "maxCompareItems": 4,
        "cartExpirationDays": 30,
        "maxCartLines": 100,
        "maxLineQuantity": 999,
    }
)
"""What a site has when nobody decided otherwise (`spec/modules.md`, "Site"; decisions, "Cart")."""

BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "maxCompareItems": (2, 12),
        "cartExpirationDays": (1, 365),
        "maxCartLines": (1, 500),
        "maxLineQuantity": (1, 9999),
    }
)
"""The least and most of each figure. What is no figure is on or off."""


def features_of(company: Mapping[str, Any], site: Mapping[str, Any]) -> Mapping[str, Any]:
    """The site's features: its own decisions, over its company's, over the defaults. Read-only."""
    return MappingProxyType({**DEFAULTS, **company, **site})
