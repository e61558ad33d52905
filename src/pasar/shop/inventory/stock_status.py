"""What does a shopkeeper call this stock: out, low, reserved, or in stock?"""

from typing import Literal

StockStatus = Literal["out_of_stock", "low_stock", "reserved", "in_stock"]


def reorder_level_of(own: int | None, company_default: int) -> int:
    """At how many available units a variant counts as low: its own level, else the company's default."""
    return company_default if own is None else own


def status_of(available: int, reserved: int, reorder_level: int) -> StockStatus:
    """The status, asked in this order (storefront sheet, decisions "Low stock").

    Nothing available is out of stock, even where it may be backordered; then low at or under the level; then
    reserved when any of it is promised; else in stock.
    """
    if available <= 0:
        return "out_of_stock"
    if available <= reorder_level:
        return "low_stock"
    return "reserved" if reserved > 0 else "in_stock"


def sellable(available: int, allow_backorder: bool) -> bool:
    """Whether a buyer can have one now."""
    return allow_backorder or available > 0
