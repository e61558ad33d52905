"""Why does stock on hand change? The words that a history may use, and who may use them."""

from typing import Final

STAFF_REASONS: Final = (
    "received",
    "counted",
    "damaged",
    "lost",
    "returned",
    "correction",
    "transfer_in",
    "transfer_out",
    "sample",
    "theft",
    "other",
)
"""What staff may give (the storefront sheet's eleven)."""

SYSTEM_REASONS: Final = ("initial", "shipped")
"""What only Pasar itself writes: the first stock of a variant, and goods that left for a buyer."""

ALL_REASONS: Final = (*STAFF_REASONS, *SYSTEM_REASONS)
