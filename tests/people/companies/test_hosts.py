"""What is a host, and what a network: kept in one form, refused when it is none."""

from __future__ import annotations

import pytest

from pasar.people.companies.hosts import HostError, normalise_host
from pasar.people.companies.networks import NetworkError, admits, normalise_networks


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Shop.Example.COM", "shop.example.com"),
        ("  shop.example. ", "shop.example"),
        ("café.example", "xn--caf-dma.example"),
        ("Straße.example", "xn--strae-oqa.example"),
        ("id.localhost", "id.localhost"),
        ("shop．example", "shop.example"),
    ],
)
def test_hosts_are_kept_as_browsers_send_them(written: str, kept: str) -> None:
    assert normalise_host(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "shop",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "https://shop.example",
        "shop.example:8080",
        "shop.example/path",
        "shop..example",
        "-shop.example",
        "shop_one.example",
        "shop .example",
        "a" * 64 + ".example",
        ".".join(["abcdefgh"] * 32),
        "1.2.3",
        "shop.example\nx: y",
        "shop\0.example",
        "*.example",
        "xn--\ud800.example",
    ],
)
def test_what_is_no_host_of_ones_own_is_refused(written: str) -> None:
    with pytest.raises(HostError):
        normalise_host(written)


def test_networks_are_kept_in_one_form() -> None:
    written = ["10.1.2.3/8", "10.0.0.0/8", "203.0.113.7", "2001:DB8::1/32", "::ffff:198.51.100.4"]
    assert normalise_networks(written) == (
        "10.0.0.0/8",
        "203.0.113.7/32",
        "2001:db8::/32",
        "198.51.100.4/32",
    )


@pytest.mark.parametrize(
    "written", ["", "10.0.0.0/33", "shop.example", "10.0.0.256", "10.0.0.0/-1", "::/129"]
)
def test_what_is_no_network_is_refused(written: str) -> None:
    with pytest.raises(NetworkError):
        normalise_networks([written])


@pytest.mark.parametrize(
    ("networks", "address", "inside"),
    [
        ((), "203.0.113.7", True),
        ((), "", True),
        (("203.0.113.0/24",), "203.0.113.255", True),
        (("203.0.113.0/24",), "203.0.114.0", False),
        (("203.0.113.0/24",), "2001:db8::1", False),
        (("2001:db8::/32", "203.0.113.0/24"), "2001:db8::1", True),
        (("203.0.113.0/24",), "", False),
        (("203.0.113.0/24",), "unix:", False),
    ],
)
def test_who_is_inside(networks: tuple[str, ...], address: str, inside: bool) -> None:
    assert admits(networks, address) is inside
