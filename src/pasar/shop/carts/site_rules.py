"""What does a site say about its carts? Limits and how long a cart lives, from the site's switches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pasar.kernel.tenancy import Site
from pasar.shop.carts.limits import DEFAULT_LIMITS, CartLimits

__all__ = ["CART_SWITCH", "CartRules", "cart_rules"]

CART_SWITCH: Final = "enableCart"
"""A site that has switched it off has no carts and no checkout."""


@dataclass(frozen=True, slots=True)
class CartRules:
    """`life` counts from the last activity (decisions, "Cart": `cartExpirationDays`, 30)."""

    limits: CartLimits = DEFAULT_LIMITS
    life: timedelta = timedelta(days=30)


DEFAULT_RULES: Final = CartRules()


def cart_rules(site: Site) -> CartRules:
    """The site's own figures: `maxCartLines`, `maxLineQuantity`, `cartExpirationDays`; else the defaults."""
    features = site.features
    if not features:
        return DEFAULT_RULES
    return CartRules(
        CartLimits(
            _whole(features.get("maxCartLines"), DEFAULT_LIMITS.max_lines),
            _whole(features.get("maxLineQuantity"), DEFAULT_LIMITS.max_quantity),
        ),
        timedelta(days=_whole(features.get("cartExpirationDays"), DEFAULT_RULES.life.days)),
    )


def _whole(value: object, otherwise: int) -> int:
    return value if type(value) is int and value >= 1 else otherwise
