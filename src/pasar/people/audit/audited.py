"""Which tables does the audit log watch, and why not the others?

Watched is what staff, API keys, commands and jobs change: the triggers note nothing when nobody has said that
they act (`kernel.acting`). What shoppers do with what is theirs (their address book, their cart, placing an
order) is not noted: the log is there to find out who changed what of the business, a list of where somebody
lived when would be one more thing to keep safe, and an order keeps the address that it went to. What can let
somebody into an account is noted, as entries of their own (`account.*`, `sign_in.*`, `second_factor.*`).

A new table stands in one of the two lists: a test compares them with the database. What is watched is
attached where the table is made, by one line of its migration:

    SELECT audit_attach('wishes', 'wish', ignored => '{updated_at}', hidden => '{email,token_hash}');
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Audited:
    """A watched table. `noun` begins the action's name (`product.changed`).

    `ignored` columns do not count: derived, or of no use to a reader. A change of a `hidden` one is noted by
    its name, without the value: secrets, and what is personal, which a trigger cannot seal.
    """

    noun: str
    ignored: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


AUDITED: Final[Mapping[str, Audited]] = {
    "companies": Audited("company"),
    "sites": Audited("site"),
    "users": Audited("user", hidden=("email", "phone", "name", "password_hash", "photo")),
    "customers": Audited("customer", hidden=("email", "name", "phone")),
    "memberships": Audited("staff"),
    "custom_roles": Audited("role"),
    "invitations": Audited("invitation", hidden=("email", "token_hash")),
    "api_keys": Audited("api_key"),
    "api_key_secrets": Audited("api_key_secret", hidden=("key_hash",)),
    "totp_secrets": Audited("second_factor", ignored=("last_step",), hidden=("secret",)),
    "passkeys": Audited(
        "passkey",
        ignored=("sign_count", "last_used_at"),
        hidden=("credential_id", "public_key", "name"),
    ),
    "secret_keys": Audited("secret_key", hidden=("wrapped",)),
    "addresses": Audited(
        "address",
        ignored=("created_at",),
        hidden=(
            *("label", "name", "line1", "line2", "city"),
            *("region", "postal_code", "country", "phone"),
        ),
    ),
    "tax_rates": Audited("tax_rate"),
    "shipping_zones": Audited("shipping_zone"),
    "shipping_methods": Audited("shipping_method"),
    "shipments": Audited("shipment"),
    "shipment_lines": Audited("shipment_line"),
    "payments": Audited("payment"),
    "categories": Audited("category"),
    "products": Audited("product", ignored=("search", "revision", "in_stock", "updated_at")),
    "variants": Audited("variant", ignored=("in_stock",)),
    "prices": Audited("price"),
    "product_media": Audited("product_picture", ignored=("attempts",)),
    "catalog_imports": Audited(
        "import",
        ignored=(
            *("rows", "products", "variants", "created", "updated", "unchanged"),
            *("errors", "warnings", "problems"),
        ),
    ),
    "locations": Audited("location"),
    "stock_levels": Audited("stock", ignored=("reserved",)),
    "orders": Audited(
        "order",
        ignored=("view_token_hash", "explanation"),
        hidden=("email", "shipping_address", "billing_address", "cancel_reason"),
    ),
    "order_lines": Audited("order_line", ignored=("picture",), hidden=("custom_fields",)),
}

NOT_AUDITED: Final[Mapping[str, str]] = {
    "consents": "a history itself, written once",
    "erasures": "a history itself; asking and erasing are entries of their own (privacy.*)",
    "identities": "connecting and disconnecting are entries of their own (account.*)",
    "openid_attempts": "one step of signing in, gone in minutes",
    "person_keys": "made with what they seal, destroyed with their person",
    "personal_exports": "asking and fetching are entries of their own (privacy.*)",
    "api_key_uses": "when a key was last used; the key's own entries say what it did",
    "ended_sign_ins": "a feed between processes; signing out is an entry of its own (sign_in.*)",
    "factor_challenges": "one step of signing in, gone in minutes",
    "passkey_challenges": "one step of signing in, gone in minutes",
    "proofs": "links and codes that were sent, gone in hours; what they prove is an entry (account.*)",
    "unsubscribes": "a reader's own choice about mail",
    "recovery_codes": "ten at a time; making and using them are entries of their own (second_factor.*)",
    "audit_entries": "the log itself",
    "audit_links": "its chain",
    "audit_unlinked": "what of it waits to be linked",
    "carts": "a shopper's; becomes an order",
    "cart_lines": "a shopper's; become the lines of an order",
    "catalog_revisions": "a counter",
    "event_deliveries": "the relay's own book",
    "event_positions": "a counter",
    "events": "facts, written once with the change that the log has",
    "failed_attempts": "counts failures; a lock-out is an entry of its own",
    "idempotency_keys": "repeated answers, gone after a day",
    "messages": "mail to people about what the log has",
    "order_history": "a history itself, written once with the order's change",
    "outbox_mails": "the development mailbox",
    "page_sessions": "signing in and out are entries of their own (sign_in.*)",
    "pictures": "stored once by content, shared; product_media says what shows where",
    "price_changes": "a history itself, written once with the price",
    "refresh_tokens": "signing in and out are entries of their own (sign_in.*)",
    "schedule_runs": "when schedules last ran",
    "sign_ins": "signing in and out are entries of their own (sign_in.*); the rest is when it was last seen",
    "stock_adjustments": "a history itself, written once with the stock",
    "stock_holds": "follow the order, whose change is noted",
}
