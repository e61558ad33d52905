"""The door of the audit log."""

from pasar.people.audit.recording import acting_of, audit_event
from pasar.people.audit.sealing import PersonSealer, register_sealer

__all__ = ["PersonSealer", "acting_of", "audit_event", "register_sealer"]
