"""Who bought what at the demo in the last weeks, and how far each order has come: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from pasar.shop.checkout.public import AddressInput

Stage = Literal["pending", "confirmed", "processing", "shipped", "delivered", "cancelled"]
Way = Literal["manual", "bank_transfer", "cash_on_delivery"]

ROBIN: Final = "shopper@pasar.test"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who orders. The demo's shopper is signed in, everybody else is a guest."""

    email: str
    address: AddressInput
    currency: str


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order placed `ago`. `lines` are (SKU, pieces); the clock completes delivered ones after a while."""

    ago: timedelta
    buyer: Buyer
    stage: Stage
    pays: Way
    lines: tuple[tuple[str, int], ...]


def _buyer(
    email: str, currency: str, name: str, line1: str, city: str, region: str, code: str, country: str
) -> Buyer:
    address = AddressInput(
        name=name, line1=line1, city=city, region=region or None, postal_code=code, country=country
    )
    return Buyer(email, address, currency)


R = _buyer(ROBIN, "USD", "Robin Meyer", "418 Alder Street", "Portland", "OR", "97205", "US")
AYA = _buyer(
    "aya@pasar.test", "USD", "Aya Brandt", "2207 Valencia Street", "San Francisco", "CA", "94110", "US"
)
TOM = _buyer("tom@pasar.test", "USD", "Tom Okafor", "61 Bleecker Street", "New York", "NY", "10012", "US")
LENA = _buyer("lena@pasar.test", "USD", "Lena Vogt", "Torstraße 12", "Berlin", "", "10119", "DE")
DEWI = _buyer(
    "dewi@pasar.test",
    "IDR",
    "Dewi Lestari",
    "Jalan Cikini Raya 17",
    "Jakarta Pusat",
    "DKI Jakarta",
    "10330",
    "ID",
)
BAYU = _buyer(
    "bayu@pasar.test",
    "IDR",
    "Bayu Pratama",
    "Jalan Prawirotaman 8",
    "Yogyakarta",
    "DI Yogyakarta",
    "55153",
    "ID",
)


def _days(days: int, hours: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


PAST_ORDERS: Final = (
    PastOrder(_days(34), AYA, "delivered", "manual", (("MUG-CLAY", 2), ("GAYO-BEANS", 1))),
    PastOrder(_days(31), DEWI, "delivered", "bank_transfer", (("TOWEL-SEA", 2), ("SAMBAL-HOT", 3))),
    PastOrder(_days(29), R, "delivered", "manual", (("BOWL-RIPPLE", 1),)),
    PastOrder(_days(27), TOM, "cancelled", "manual", (("THROW-HONEY", 1),)),
    PastOrder(_days(25), LENA, "delivered", "manual", (("TEA-80", 2), ("HONEY-250", 1))),
    PastOrder(_days(22), BAYU, "delivered", "cash_on_delivery", (("POT-20", 1), ("SEED-THREE", 2))),
    PastOrder(_days(19), AYA, "delivered", "manual", (("APRON-SAGE-R-P", 1), ("TOWEL-OAT", 1))),
    PastOrder(_days(16), TOM, "delivered", "manual", (("NOTE-SEA-D", 3), ("PENCIL-FIVE", 1))),
    PastOrder(_days(14), R, "delivered", "manual", (("GAYO-FILTER", 2),)),
    PastOrder(_days(12), DEWI, "delivered", "cash_on_delivery", (("CUSH-ROSE", 2),)),
    PastOrder(_days(10), LENA, "delivered", "manual", (("THROW-HONEY", 1),)),
    PastOrder(_days(8), AYA, "delivered", "manual", (("CAN-SEA", 1), ("TWINE-80", 2))),
    PastOrder(_days(6), BAYU, "shipped", "bank_transfer", (("TOTE-NIGHT", 1), ("INK-PLUM", 1))),
    PastOrder(_days(5), TOM, "shipped", "manual", (("POT-ROUND", 1), ("TEA-80", 1))),
    PastOrder(_days(4), R, "shipped", "manual", (("MUG-SEA", 2), ("BOARD-L", 1))),
    PastOrder(_days(3), LENA, "cancelled", "manual", (("CAL-DOTS", 1),)),
    PastOrder(_days(2, 6), DEWI, "processing", "bank_transfer", (("TOOLS-TWO", 1), ("POT-14", 2))),
    PastOrder(_days(2), AYA, "processing", "manual", (("LETTER-12", 2), ("INK-NIGHT", 1))),
    PastOrder(_days(1, 9), TOM, "confirmed", "manual", (("MUG-MOSS", 4),)),
    PastOrder(_days(1), BAYU, "confirmed", "cash_on_delivery", (("GAYO-MOKA", 2), ("SAMBAL-MILD", 1))),
    PastOrder(_days(0, 9), R, "pending", "bank_transfer", (("TOWEL-ROSE", 2), ("HONEY-500", 1))),
    PastOrder(_days(0, 4), LENA, "pending", "bank_transfer", (("CUSH-INDIGO", 1),)),
    PastOrder(_days(0, 1), DEWI, "pending", "bank_transfer", (("BOARD-S", 1), ("MUG-CLAY", 1))),
)
