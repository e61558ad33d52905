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
        "maxCompareItems": 4,
        "cartExpirationDays": 30,
        "guestCheckout": True,
    }
)
"""What a site has when nobody decided otherwise (`spec/modules.md`, "Site")."""


def features_of(company: Mapping[str, Any], site: Mapping[str, Any]) -> Mapping[str, Any]:
    """The site's features: its own decisions, over its company's, over the defaults. Read-only."""
    return MappingProxyType({**DEFAULTS, **company, **site})
