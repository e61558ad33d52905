"""What is refused about staff and invitations, in the words of a page."""

from __future__ import annotations

from typing import Final

from pasar.kernel.i18n import N_
from pasar.web.form_inputs import Refusals

REFUSALS: Final[Refusals] = {
    "invalid_fields": ("email", N_("This is not an e-mail address. Write it like name@example.com.")),
    "role_unknown": ("role", N_("Choose a role.")),
    "role_not_here": ("role", N_("Choose a role.")),
    "beyond_own_rights": ("role", N_("You cannot give or take what you may not do yourself. Ask an owner.")),
    "own_role": ("role", N_("Nobody changes their own role. Ask another owner or administrator.")),
    "last_owner": ("role", N_("A company keeps an owner. Make somebody else one first.")),
    "already_staff": ("email", N_("This person works here already. Change their role instead.")),
    "already_invited": ("email", N_("This address is invited already. Send it again, or take it back.")),
    "too_many_invitations": ("", N_("Too many invitations are open. Take some back first.")),
    "invitation_ended": ("", N_("It was accepted or taken back already. Invite anew if need be.")),
}
