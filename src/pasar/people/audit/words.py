"""What do people call an entry? The thing, what happened to it, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.i18n import N_, Translator
from pasar.people.audit.entries import Entry
from pasar.web.tables import Badge, Tone

__all__ = ["NOUNS", "actor_words", "event_words", "noun_words"]

# The door of `people.users` for those below and beside it: it writes to this module, so this cannot call it.
PEOPLE: Final = "SELECT user_id, name FROM user_accounts WHERE user_id = ANY ($1::uuid[]) AND name <> ''"
NOUNS: Final[Mapping[str, str]] = {
    "account": N_("Account"),
    "address": N_("Address"),
    "api_key": N_("API key"),
    "api_key_secret": N_("Secret of an API key"),
    "audit": N_("Audit log"),
    "category": N_("Category"),
    "company": N_("Company"),
    "customer": N_("Customer"),
    "export": N_("Export"),
    "import": N_("Import"),
    "invitation": N_("Invitation"),
    "location": N_("Location"),
    "order": N_("Order"),
    "order_line": N_("Line of an order"),
    "passkey": N_("Passkey"),
    "payment": N_("Payment"),
    "price": N_("Price"),
    "product": N_("Product"),
    "product_picture": N_("Picture of a product"),
    "role": N_("Role"),
    "second_factor": N_("Second factor"),
    "secret_key": N_("Encryption key"),
    "shipment": N_("Shipment"),
    "shipment_line": N_("Line of a shipment"),
    "shipping_method": N_("Shipping method"),
    "shipping_zone": N_("Shipping zone"),
    "sign_in": N_("Sign-in"),
    "site": N_("Site"),
    "staff": N_("Member of staff"),
    "stock": N_("Stock"),
    "tax_rate": N_("Tax rate"),
    "user": N_("Person"),
    "variant": N_("Variant"),
}

_HAPPENED: Final[Mapping[str, tuple[str, Tone]]] = {
    "began": (N_("Began"), "neutral"),
    "changed": (N_("Changed"), "neutral"),
    "confirmed": (N_("Confirmed"), "success"),
    "created": (N_("Created"), "success"),
    "downloaded": (N_("Downloaded"), "warning"),
    "email_changed": (N_("E-mail changed"), "warning"),
    "ended": (N_("Ended"), "neutral"),
    "erased": (N_("Erased"), "danger"),
    "exported": (N_("Exported"), "warning"),
    "locked": (N_("Locked after failures"), "danger"),
    "made": (N_("Made"), "success"),
    "password_changed": (N_("Password changed"), "warning"),
    "phone_changed": (N_("Phone changed"), "warning"),
    "removed": (N_("Removed"), "danger"),
    "revoked": (N_("Revoked"), "warning"),
    "run": (N_("Ran"), "neutral"),
    "signed_out": (N_("Signed out by a colleague"), "warning"),
    "sign_ins_revoked": (N_("Signed out elsewhere"), "warning"),
    "totp_added": (N_("Authenticator app added"), "success"),
    "totp_removed": (N_("Authenticator app removed"), "danger"),
    "passkey_added": (N_("Passkey added"), "success"),
    "passkey_removed": (N_("Passkey removed"), "danger"),
    "recovery_codes_made": (N_("Recovery codes made"), "neutral"),
    "recovery_code_used": (N_("Recovery code used"), "warning"),
    "way_connected": (N_("Provider connected"), "success"),
    "way_disconnected": (N_("Provider disconnected"), "warning"),
    "export_fetched": (N_("Export fetched"), "warning"),
    "export_asked": (N_("Export asked for"), "warning"),
    "trimmed": (N_("Old entries removed"), "warning"),
}
_KINDS: Final[Mapping[str, str]] = {
    "key": N_("API key"),
    "staff": N_("Staff"),
    "customer": N_("Customer"),
    "guest": N_("Guest"),
    "job": N_("Pasar itself"),
    "command": N_("Command"),
}


def noun_words(object_type: str, words: Translator) -> str:
    """What the thing is called; its own name where nobody has said."""
    said = NOUNS.get(object_type)
    return words.gettext(said) if said else object_type


def event_words(action: str, words: Translator) -> Badge:
    """What happened, by the last part of the action's name."""
    name = action.rpartition(".")[2]
    said, tone = _HAPPENED.get(name, ("", "neutral"))
    return Badge(words.gettext(said) if said else name.replace("_", " "), tone)


async def actor_words(database: Database, entries: Iterable[Entry], words: Translator) -> dict[str, str]:
    """Who did each, by `label_of`: a person's or command's name, else what kind of actor it is."""
    wanted = {label_of(entry): entry for entry in entries}
    ids = [entry.actor_id for entry in wanted.values() if entry.actor_kind in ("staff", "customer")]
    names: dict[UUID | None, str] = {row[0]: row[1] for row in await database.rows(PEOPLE, ids)}
    return {
        label: names.get(entry.actor_id)
        or (entry.actor_name if entry.actor_kind != "job" else "")  # a job's says little to staff
        or words.gettext(_KINDS[entry.actor_kind])
        for label, entry in wanted.items()
    }


def label_of(entry: Entry) -> str:
    """Who did it, as a key: the kind with the id, or with the name."""
    return f"{entry.actor_kind}:{entry.actor_id or entry.actor_name}"
