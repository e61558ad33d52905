"""What do people call a field that an entry names? Its word, or its name spelled apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pasar.kernel.i18n import N_, Translator

__all__ = ["field_words"]

# What staff change by hand. A field of another name, as later modules bring them, is spelled apart.
_WORDS: Final[Mapping[str, str]] = {
    "admitted_from": N_("Networks to work from"),
    "allow_backorder": N_("Sold when none is left"),
    "alt": N_("What a picture shows"),
    "amount": N_("Amount"),
    "bands": N_("Bands"),
    "bank_transfer_days": N_("Days to pay by bank transfer"),
    "bank_transfer_note": N_("What buyers need to pay by bank transfer"),
    "barcode": N_("Barcode"),
    "cancel_reason": N_("Reason for cancelling"),
    "carrier": N_("Carrier"),
    "compare_at": N_("Price before"),
    "countries": N_("Countries"),
    "country": N_("Country"),
    "created_at": N_("Made"),
    "currencies": N_("Currencies"),
    "currency": N_("Currency"),
    "custom_role_id": N_("Own role"),
    "delivery_days": N_("Days on the way"),
    "description": N_("Description"),
    "description_html": N_("Description"),
    "email": N_("E-mail"),
    "email_verified_at": N_("E-mail verified"),
    "expires_at": N_("Good until"),
    "features": N_("What the site offers"),
    "free_from": N_("Free from"),
    "handle": N_("Address in the shop"),
    "host": N_("Host"),
    "invited_by": N_("Invited by"),
    "is_active": N_("In use"),
    "is_default": N_("Default"),
    "kind": N_("Kind"),
    "locale": N_("Language"),
    "locales": N_("Languages"),
    "logo": N_("Logo"),
    "low_stock_default": N_("Stock is low at"),
    "made_by": N_("Made by"),
    "name": N_("Name"),
    "on_hand": N_("In stock"),
    "option_names": N_("Options"),
    "option_values": N_("Options"),
    "password_hash": N_("Password"),
    "payment_status": N_("Payment"),
    "permissions": N_("Permissions"),
    "phone": N_("Phone"),
    "phone_verified_at": N_("Phone verified"),
    "photo": N_("Photo"),
    "position": N_("Order in the list"),
    "price": N_("Price"),
    "priority": N_("Priority"),
    "rate_ppm": N_("Rate"),
    "region": N_("Region"),
    "regions": N_("Regions"),
    "reorder_level": N_("Low from"),
    "require_second_factor": N_("Second factor for everybody"),
    "revoked_at": N_("Revoked"),
    "role": N_("Role"),
    "scopes": N_("Permissions"),
    "second_factor": N_("Second factor"),
    "sent_at": N_("Mail left"),
    "sku": N_("SKU"),
    "status": N_("Status"),
    "tags": N_("Tags"),
    "tax_included": N_("Prices include tax"),
    "theme": N_("Colours"),
    "time_zone": N_("Time zone"),
    "title": N_("Title"),
    "token_hash": N_("Link"),
    "tracking_number": N_("Tracking number"),
    "unique_skus": N_("No SKU twice"),
    "vendor": N_("Brand"),
    "verify_first": N_("E-mails proved first"),
    "weight_grams": N_("Weight"),
}
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_words(name: str, words: Translator) -> str:
    """The word for a column (`time_zone`) or a detail (`secondFactor`)."""
    plain = _CAMEL.sub("_", name).lower()
    said = _WORDS.get(plain)
    return words.gettext(said) if said else plain.replace("_", " ").strip().capitalize()
