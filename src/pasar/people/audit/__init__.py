"""The audit log: who did what to which object, when and from where, in rows that are only ever added."""
