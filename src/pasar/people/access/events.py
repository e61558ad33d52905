"""What happened to those who work here. Ids only."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact

__all__ = ["StaffInvited"]


class StaffInvited(Fact, frozen=True):
    """Somebody is asked to work here, or asked again: a mail is due."""

    type: ClassVar[str] = "staff.invited"
    topic: ClassVar[str] = "staff-events"

    invitation_id: UUID

    def key(self) -> str:
        """The invitation."""
        return f"invitation:{self.invitation_id}"
