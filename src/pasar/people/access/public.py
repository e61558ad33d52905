"""The front door of access."""

from pasar.people.access.actions.add_member import add_member
from pasar.people.access.actions.change_member import change_member, refuse_over_colleague, remove_member
from pasar.people.access.actions.invite import (
    INVITATION_LIFE,
    invite,
    invite_first_owner,
    resend_invitation,
    revoke_invitation,
)
from pasar.people.access.actions.keep_key import MadeKey, create_key
from pasar.people.access.caller_of_key import caller_of_key
from pasar.people.access.giving import Grant
from pasar.people.access.invitation_links import (
    Invited,
    accept_invitation,
    find_invitation,
    mint_invitation,
)
from pasar.people.access.key_uses import key_uses_written
from pasar.people.access.queries import (
    InvitationFacts,
    Member,
    invitation_of,
    invitations_of,
    is_platform,
    member_of,
    members_of,
    own_roles,
    role_in,
    work_of,
)
from pasar.people.access.roles import (
    EVERYTHING,
    NAMES,
    ORDINARY,
    PERMISSIONS,
    PLATFORM,
    ROLES,
    beyond,
    permissions_of,
)
from pasar.people.access.words import role_choices, role_chosen, role_value, role_word

__all__ = [
    "EVERYTHING",
    "INVITATION_LIFE",
    "NAMES",
    "ORDINARY",
    "PERMISSIONS",
    "PLATFORM",
    "ROLES",
    "Grant",
    "InvitationFacts",
    "Invited",
    "MadeKey",
    "Member",
    "accept_invitation",
    "add_member",
    "beyond",
    "caller_of_key",
    "change_member",
    "create_key",
    "find_invitation",
    "invitation_of",
    "invitations_of",
    "invite",
    "invite_first_owner",
    "is_platform",
    "key_uses_written",
    "member_of",
    "members_of",
    "mint_invitation",
    "own_roles",
    "permissions_of",
    "refuse_over_colleague",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "role_choices",
    "role_chosen",
    "role_in",
    "role_value",
    "role_word",
    "work_of",
]
