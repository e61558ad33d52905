"""Facts: recorded in the writer's transaction, delivered at least once, in order per key."""

from pasar.kernel.events.facts import Delivered, Fact, Subscriber
from pasar.kernel.events.recording import record

__all__ = ["Delivered", "Fact", "Subscriber", "record"]
