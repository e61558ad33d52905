"""With what does this call come?"""

from __future__ import annotations

from pasar.kernel.tenancy import Context
from pasar.people.sign_in.person import Device


def device_of(context: Context) -> Device:
    """The device of a call, before any second factor was shown."""
    return Device(agent=context.agent, address=context.address)
