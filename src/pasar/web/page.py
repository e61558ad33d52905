"""What does every page know? The context that layouts and components read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoticeKind = Literal["info", "success", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message on top of the page, told once after something happened.

    ``action_label`` and ``action_path`` offer the way back ("Undo") as a form that posts to the path.
    """

    kind: NoticeKind
    text: str
    action_label: str = ""
    action_path: str = ""


@dataclass(frozen=True, slots=True)
class MenuCategory:
    """A category in the header's menu: its title and the path of its page."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class LocaleChoice:
    """A language that the site speaks, under its own name: ``id``, ``Indonesia``."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class WorkplaceChoice:
    """A company where the person works. ``path`` leads to its back office, at its own host; empty for a
    company without a host."""

    name: str
    path: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class SignInWay:
    """A provider that says who somebody is: ``name`` stands in addresses, ``label`` on the button."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class PageContext:
    """Facts of one request that layouts and components need. Built once per page by the web role.

    ``path`` is without host and query, ``query`` as it stood in the address, without ``?``; ``zone`` is an
    IANA name, in which times are shown; ``theme_version`` changes when the site's colours do; ``logo`` are
    the paths of the site's logo, for screens of one and of two pixels a point; ``switched_off`` are features
    that the site does not offer, such as ``enableCart``; ``workplaces`` are the companies whose back office
    the person may turn to, when these are several.
    """

    site_name: str
    company_name: str
    locale: str
    locales: tuple[LocaleChoice, ...]
    currency: str
    path: str
    csrf_token: str = ""
    query: str = ""
    zone: str = "UTC"
    signed_in_name: str | None = None
    is_staff: bool = False
    staff_permissions: frozenset[str] = frozenset()
    cart_count: int = 0
    notice: Notice | None = None
    categories: tuple[MenuCategory, ...] = ()
    theme_version: str = ""
    request_id: str = ""
    logo: tuple[str, str] | None = None
    switched_off: frozenset[str] = frozenset()
    workplaces: tuple[WorkplaceChoice, ...] = ()
    sign_in_ways: tuple[SignInWay, ...] = ()

    def has(self, feature: str) -> bool:
        """Whether the site offers ``feature``, such as ``enableCart``."""
        return feature not in self.switched_off

    def may(self, permission: str) -> bool:
        """Whether the signed-in member of staff holds ``permission``; ``*`` holds all."""
        return self.is_staff and (permission in self.staff_permissions or "*" in self.staff_permissions)
