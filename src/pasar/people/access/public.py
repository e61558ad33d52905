"""The front door of access."""

from pasar.people.access.actions.add_member import add_member
from pasar.people.access.caller_of_key import caller_of_key
from pasar.people.access.queries import role_in
from pasar.people.access.roles import EVERYTHING, PERMISSIONS, ROLES, beyond, permissions_of

__all__ = [
    "EVERYTHING",
    "PERMISSIONS",
    "ROLES",
    "add_member",
    "beyond",
    "caller_of_key",
    "permissions_of",
    "role_in",
]
