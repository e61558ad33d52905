"""Payment methods over HTTP."""

from __future__ import annotations

from litestar import get

from pasar.finance.payments.methods import payment_methods
from pasar.finance.payments.schemas import PaymentMethodAnswer
from pasar.kernel.http.guards import shopper
from pasar.kernel.http.schema import Page
from pasar.kernel.i18n import translator
from pasar.kernel.tenancy import Context, sold_currency


@get("/api/payment-methods", guards=[shopper], tags=["Checkout"])
async def list_payment_methods(context: Context, currency: str | None = None) -> Page[PaymentMethodAnswer]:
    """List the ways to pay in one of the shop's currencies (else its first), in the caller's language."""
    wanted = sold_currency(context.site, currency or None)
    say = translator(context.locale).gettext
    items = [
        PaymentMethodAnswer(
            name=method.name, title=say(method.title), description=say(method.description), currency=wanted
        )
        for method in payment_methods(wanted)
    ]
    return Page(items=items, total=len(items))


PAYMENT_ROUTES = (list_payment_methods,)
