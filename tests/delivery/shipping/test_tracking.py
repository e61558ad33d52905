"""Where parcels are followed, by literal tables."""

import pytest

from pasar.delivery.shipping.public import tracking_url


@pytest.mark.parametrize(
    ("carrier", "host"),
    [
        ("UPS", "www.ups.com"),
        ("FedEx", "www.fedex.com"),
        ("usps", "tools.usps.com"),
        ("DHL Express", "www.dhl.com"),
        ("Royal Mail", "www.royalmail.com"),
        ("JNE", "www.jne.co.id"),
        ("J&T Express", "www.jet.co.id"),
        ("SiCepat", "sicepat.com"),
    ],
)
def test_known_carriers(carrier: str, host: str) -> None:
    url = tracking_url(carrier, " AB 12/3 ")
    assert url is not None
    assert url.startswith("https://")
    assert host in url
    assert url.endswith("AB%2012%2F3"), "what people typed is escaped"


@pytest.mark.parametrize(("carrier", "number"), [("My uncle", "1"), ("", "1"), ("UPS", "  ")])
def test_others_have_no_page(carrier: str, number: str) -> None:
    assert tracking_url(carrier, number) is None
