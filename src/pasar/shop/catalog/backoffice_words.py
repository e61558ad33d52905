"""What do the catalogue's states and refusals say on pages of the back office?"""

from __future__ import annotations

from typing import Final

from pasar.kernel.i18n import N_
from pasar.web.form_inputs import Refusals
from pasar.web.tables import Tone

__all__ = ["PRODUCT_STATES", "REFUSALS"]

PRODUCT_STATES: Final[dict[str, tuple[str, Tone]]] = {
    "draft": (N_("Draft"), "neutral"),
    "active": (N_("In the shop"), "success"),
    "archived": (N_("Archived"), "warning"),
}

REFUSALS: Final[Refusals] = {
    "handle_taken": (
        "handle",
        N_("This address is taken. Choose another, or leave it empty to get a free one."),
    ),
    "handle_reserved": ("handle", N_("The shop itself uses this address. Choose another.")),
    "category_unknown": ("categoryId", N_("This category is gone. Choose another one.")),
    "options_alike": ("options", N_("Two options have the same name. Give each its own.")),
    "options_in_use": (
        "options",
        N_("The variants have values for these options: they can be renamed, not added or taken away."),
    ),
    "options_mismatch": ("options", N_("Give each option of the product a value.")),
    "variant_exists": (
        "options",
        N_("There is, or was, a variant with these values. Change or restore that one."),
    ),
    "sku_taken": ("sku", N_("Another variant has this SKU, and your shop keeps them unique.")),
    "too_many_variants": ("options", N_("A product cannot have that many variants.")),
    "price_malformed": ("prices", N_("Write prices as plain numbers, such as 129.00.")),
    "parent_unknown": ("parentId", N_("This category is gone. Choose another one.")),
    "category_circle": ("parentId", N_("A category cannot stand below itself or one of its own.")),
    "too_deep": ("parentId", N_("Categories go ten levels deep at most.")),
    "category_in_use": (
        "move_to",
        N_("There are products or categories in it. Choose where they go."),
    ),
    "too_many_pictures": ("file", N_("A product has at most 250 pictures. Remove one first.")),
    "text_malformed": ("", N_("A text holds a character that cannot be stored.")),
}
