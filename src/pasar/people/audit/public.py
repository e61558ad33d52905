"""The door of the audit log."""

from pasar.people.audit.entries_about import entries_about
from pasar.people.audit.recording import acting_of, audit_event, audit_own_act
from pasar.people.audit.sealing import PersonSealer, register_sealer

__all__ = ["PersonSealer", "acting_of", "audit_event", "audit_own_act", "entries_about", "register_sealer"]
