"""The front door of shipping: the pure rules, quotes, and shipments."""

from pasar.delivery.shipping.actions.create_shipment import create_shipment, mark_delivered
from pasar.delivery.shipping.actions.keep_zones import add_method, add_zone
from pasar.delivery.shipping.queries import ShipmentFacts, Zones, quotes, shipments_of, shipping_zones
from pasar.delivery.shipping.rates import (
    Parcel,
    Place,
    ShippableLine,
    ShippingMethod,
    ShippingQuote,
    ShippingRuleError,
    ShippingZone,
    WeightBand,
    applicable_methods,
    parcel_of,
    quote,
    shipping_price,
)
from pasar.delivery.shipping.tracking import tracking_url

__all__ = [
    "Parcel",
    "Place",
    "ShipmentFacts",
    "ShippableLine",
    "ShippingMethod",
    "ShippingQuote",
    "ShippingRuleError",
    "ShippingZone",
    "WeightBand",
    "Zones",
    "add_method",
    "add_zone",
    "applicable_methods",
    "create_shipment",
    "mark_delivered",
    "parcel_of",
    "quote",
    "quotes",
    "shipments_of",
    "shipping_price",
    "shipping_zones",
    "tracking_url",
]
