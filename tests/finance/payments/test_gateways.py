"""Every gateway keeps the port's promises: one conformity test over all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pasar.finance.payments.gateways.gateway import Attempt, Gateway
from pasar.finance.payments.gateways.registry import GATEWAYS, gateway_for
from pasar.finance.payments.public import CHECKOUT_LIFE, hold_life, payment_methods
from pasar.kernel.errors import Unprocessable
from pasar.kernel.i18n import translator
from pasar.kernel.ids import new_id
from pasar.kernel.money import Money

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Settings:
    """A company's settings, as far as holds ask."""

    bank_transfer_days = 4


def attempt(method: str, currency: str = "USD") -> Attempt:
    return Attempt(new_id(), new_id(), new_id(), method, Money(12900, currency), AT, "Account 123")


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
class TestEveryGateway:
    def test_is_named_once_and_names_its_methods(self, gateway: Gateway) -> None:
        assert [one.name for one in GATEWAYS].count(gateway.name) == 1
        names = [method.name for method in gateway.methods]
        assert names
        assert len(set(names)) == len(names)
        for method in gateway.methods:
            assert method.gateway == gateway.name
            assert method.title
            assert method.description

    def test_takes_only_known_methods_and_currencies(self, gateway: Gateway) -> None:
        assert not gateway.takes("barter", "USD")
        assert not gateway.takes(gateway.methods[0].name, "XXX")

    async def test_starts_its_methods_and_no_others(self, gateway: Gateway) -> None:
        if gateway.needs_network:
            pytest.skip("its provider is tried in its own test")
        for method in gateway.methods:
            wanted = attempt(method.name)
            first, again = await gateway.start(wanted), await gateway.start(wanted)
            assert first == again, "the same attempt begins once"
            assert first.status in {"pending", "authorised", "paid", "failed"}
            assert all(isinstance(text, str) for text in first.instructions.values())
        with pytest.raises(ValueError, match="barter"):
            await gateway.start(attempt("barter"))

    async def test_gives_up_twice_without_complaint(self, gateway: Gateway) -> None:
        if gateway.needs_network:
            pytest.skip("its provider is tried in its own test")
        given_up = attempt(gateway.methods[0].name)
        await gateway.void(given_up)
        await gateway.void(given_up)

    def test_every_text_is_translated(self, gateway: Gateway) -> None:
        say = translator("id").gettext
        for method in gateway.methods:
            assert say(method.title) != method.title
            assert say(method.description) != method.description


def test_no_two_gateways_offer_the_same_method() -> None:
    names = [method.name for method in payment_methods("USD")]
    assert sorted(names) == ["bank_transfer", "cash_on_delivery", "manual"]


async def test_what_the_manual_gateway_tells_a_buyer() -> None:
    transfer = await gateway_for("bank_transfer", "JPY").start(attempt("bank_transfer", "JPY"))
    assert transfer.status == "pending"
    assert transfer.instructions == {
        "amount": "12900",
        "currency": "JPY",
        "note": "Account 123",
        "payBefore": "2026-11-20T09:00:00+00:00",
    }
    cash = await gateway_for("cash_on_delivery", "USD").start(
        replace(attempt("cash_on_delivery"), expires_at=None)
    )
    assert cash.instructions == {"amount": "129.00", "currency": "USD"}


def test_an_unknown_method_is_refused_on_its_field() -> None:
    with pytest.raises(Unprocessable) as refused:
        gateway_for("card", "USD")
    assert [error.field for error in refused.value.errors] == ["paymentMethod"]


@pytest.mark.parametrize(
    ("method", "life"),
    [
        ("manual", timedelta(days=4)),
        ("bank_transfer", timedelta(days=4)),
        ("cash_on_delivery", None),
        ("card", CHECKOUT_LIFE),
    ],
)
def test_how_long_stock_is_held(method: str, life: timedelta | None) -> None:
    assert hold_life(method, Settings()) == life
