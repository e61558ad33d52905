"""The front door of inventory.

Listed hot paths may also join the view `inventory_available (company_id, variant_id, available,
allow_backorder)`: pieces over all locations, below zero where backordered.
"""

from pasar.shop.inventory.actions.adjust_stock import Adjustment, adjust_stock
from pasar.shop.inventory.actions.claim_stock import ClaimLine, claim_stock
from pasar.shop.inventory.actions.commit_holds import commit_holds
from pasar.shop.inventory.actions.lock_stock import lock_stock
from pasar.shop.inventory.actions.recount_stock import recount_stock
from pasar.shop.inventory.actions.release_holds import release_holds
from pasar.shop.inventory.actions.set_initial_stock import set_initial_stock
from pasar.shop.inventory.actions.set_stock_rules import set_stock_rules
from pasar.shop.inventory.actions.ship_holds import ship_holds
from pasar.shop.inventory.actions.switch_backorder import switch_backorder
from pasar.shop.inventory.jobs import release_expired_holds
from pasar.shop.inventory.locations import default_location
from pasar.shop.inventory.on_hand import MOST_ON_HAND
from pasar.shop.inventory.queries import (
    LevelFacts,
    StockFacts,
    count_low_stock,
    levels_of,
    low_stock,
    stock_list,
)
from pasar.shop.inventory.reasons import STAFF_REASONS
from pasar.shop.inventory.stock_status import StockStatus, status_of

__all__ = [
    "MOST_ON_HAND",
    "STAFF_REASONS",
    "Adjustment",
    "ClaimLine",
    "LevelFacts",
    "StockFacts",
    "StockStatus",
    "adjust_stock",
    "claim_stock",
    "commit_holds",
    "count_low_stock",
    "default_location",
    "levels_of",
    "lock_stock",
    "low_stock",
    "recount_stock",
    "release_expired_holds",
    "release_holds",
    "set_initial_stock",
    "set_stock_rules",
    "ship_holds",
    "status_of",
    "stock_list",
    "switch_backorder",
]
