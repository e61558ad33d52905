"""What may this role do? The one table of permissions, and the roles that every company has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pasar.kernel.i18n import N_

PERMISSIONS: Final[dict[str, str]] = {
    "catalog:read": N_("See products, drafts and archived ones included, and their price history"),
    "catalog:write": N_("Create, change, archive and import products"),
    "inventory:read": N_("See locations, stock and who adjusted it"),
    "inventory:write": N_("Adjust stock and manage locations"),
    "orders:read": N_("See orders with the buyers' addresses"),
    "orders:write": N_("Confirm, process, ship, deliver and cancel orders"),
    "customers:read": N_("See customers"),
    "customers:write": N_("Change customers"),
    "finance:read": N_("See payments, refunds and the ledger"),
    "finance:write": N_("Capture, void and refund payments"),
    "payouts:read": N_("See payouts and to which account they go"),
    "payouts:write": N_("Approve and send payouts"),
    "settings:read": N_("See taxes, shipping and other settings"),
    "settings:write": N_("Change taxes, shipping and other settings"),
    "sites:read": N_("See the company's sites with their domains and switches"),
    "sites:write": N_("Open and change sites"),
    "staff:read": N_("See who works here and who is invited"),
    "staff:write": N_("Invite colleagues, give them roles and let them go"),
    "roles:read": N_("See roles and what they allow"),
    "roles:write": N_("Make and change the company's own roles"),
    "keys:read": N_("See API keys, never the keys themselves"),
    "keys:write": N_("Make, renew and revoke API keys"),
    "audit:read": N_("Search and export the audit log"),
    "privacy:write": N_("Answer people's requests for their data: export, correct, erase"),
    "platform:companies": N_("Open companies on this installation; only in the company that runs it"),
}
"""Every permission with its meaning, in the order in which people read them."""

EVERYTHING: Final = "*"
OWNER: Final = "owner"
PLATFORM: Final = "platform"
CUSTOM: Final = "custom"
"""How a membership says that it has one of the company's own roles."""

NEVER_OWN: Final[frozenset[str]] = frozenset(name for name in PERMISSIONS if name.startswith("platform:"))
"""What no role of a company's own may hold, beside `*`."""

_ALL_OF_A_COMPANY: Final = frozenset(PERMISSIONS) - NEVER_OWN
_ABOUT_STAFF: Final = frozenset(
    name for name in PERMISSIONS if name.partition(":")[0] in {"staff", "roles", "keys", "audit", "privacy"}
)
_BUSINESS: Final = _ALL_OF_A_COMPANY - _ABOUT_STAFF
_READS: Final = frozenset(name for name in _BUSINESS if name.endswith(":read"))

ORDINARY: Final[frozenset[str]] = _ALL_OF_A_COMPANY - {
    "staff:write",
    "roles:write",
    "keys:write",
    "privacy:write",
}
"""What an API key may be given: nothing by which it could make people, roles or keys, or erase somebody."""

_GRANTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        OWNER: frozenset({EVERYTHING}),
        "admin": _ALL_OF_A_COMPANY,
        "manager": (_BUSINESS - {"finance:write", "payouts:write"}) | {"staff:read", "roles:read"},
        "catalogue": frozenset({"catalog:read", "catalog:write", "inventory:read", "inventory:write"}),
        "orders": frozenset(
            {"orders:read", "orders:write", "customers:read", "inventory:read", "catalog:read"}
        ),
        "finance": frozenset(
            {
                "finance:read",
                "finance:write",
                "payouts:read",
                "payouts:write",
                "orders:read",
                "customers:read",
                "settings:read",
            }
        ),
        "support": frozenset(
            {"orders:read", "customers:read", "customers:write", "catalog:read", "inventory:read"}
        ),
        "viewer": _READS,
        # These three sign in and see nothing yet: what they do comes with modules of their own.
        "supplier": frozenset(),
        "office": frozenset(),
        "partner": frozenset(),
        PLATFORM: frozenset({"platform:companies"}),
    }
)

MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        OWNER: N_("Everything, and what comes later; alone makes other owners"),
        "admin": N_("Everything but making owners"),
        "manager": N_("Runs the shop; neither moves money nor invites people"),
        "catalogue": N_("Products and stock"),
        "orders": N_("Orders from confirmation to delivery"),
        "finance": N_("Payments, refunds and payouts"),
        "support": N_("Answers customers: sees orders, corrects customers"),
        "viewer": N_("Sees the business and changes nothing; sees neither staff nor keys nor the audit log"),
        "supplier": N_("Signs in; its own module comes later"),
        "office": N_("Signs in; its own module comes later"),
        "partner": N_("Signs in; its own module comes later"),
        PLATFORM: N_("Opens companies; only in the company that runs the installation"),
    }
)
"""Every role that we make, with what it is for."""

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OWNER: N_("Owner"),
        "admin": N_("Administrator"),
        "manager": N_("Manager"),
        "catalogue": N_("Catalogue"),
        "orders": N_("Orders"),
        "finance": N_("Finance"),
        "support": N_("Support"),
        "viewer": N_("Viewer"),
        "supplier": N_("Supplier"),
        "office": N_("Office"),
        "partner": N_("Partner"),
        PLATFORM: N_("Platform"),
    }
)
"""How people call the roles that we make."""

ROLES: Final[tuple[str, ...]] = tuple(_GRANTS)
"""The roles of staff, the strongest first."""


def permissions_of(role: str) -> frozenset[str]:
    """What `role` allows; `*` is everything, also what comes later. An unknown role allows nothing."""
    return _GRANTS.get(role, frozenset())


def beyond(held: Iterable[str], asked: Iterable[str]) -> frozenset[str]:
    """Those of `asked` that whoever holds `held` lacks, and so cannot give to anybody."""
    own = frozenset(held)
    return frozenset() if EVERYTHING in own else frozenset(asked) - own
