"""What happened to companies and their sites. Ids only."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact

__all__ = ["HostChanged"]


class HostChanged(Fact, frozen=True):
    """Staff gave a site another host, a first one, or none: its owners should hear of it."""

    type: ClassVar[str] = "site.host_changed"
    topic: ClassVar[str] = "site-events"

    site_id: UUID

    def key(self) -> str:
        """The site."""
        return f"site:{self.site_id}"
