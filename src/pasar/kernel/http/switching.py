"""Guards of what a site can switch off: its API answers 404 `feature_disabled`, its pages are not there."""

from __future__ import annotations

from litestar.handlers import BaseRouteHandler

from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import Connection, Guard, context_of
from pasar.kernel.tenancy import Site

__all__ = ["refuse_switched_off", "switched", "switched_on"]


def switched_on(site: Site, feature: str) -> bool:
    """Whether the site has `feature`, such as `enableCart`. What nobody has switched off is on."""
    return site.features.get(feature, True) is not False


def refuse_switched_off(site: Site, feature: str) -> None:
    """Raise `NotFound` (`feature_disabled`) when the site does not have `feature`."""
    if not switched_on(site, feature):
        raise NotFound("feature_disabled", "This shop does not offer this. Its owner can switch it on.")


def switched(guard: Guard, feature: str) -> Guard:
    """`guard`, and then the site's switch: who must sign in hears of that first (decisions, "One path")."""

    async def switched_guard(connection: Connection, handler: BaseRouteHandler) -> None:
        await guard(connection, handler)
        refuse_switched_off(context_of(connection).site, feature)

    switched_guard.__name__ = getattr(guard, "__name__", "switched")
    return switched_guard
