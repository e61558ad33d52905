"""The front door of taxes: the pure rules that carts, checkout, orders and invoices reckon with."""

from pasar.finance.taxes.actions.keep_rates import replace_rates
from pasar.finance.taxes.queries import tax_policy, tax_rates
from pasar.finance.taxes.rates import (
    STANDARD,
    Place,
    Rounding,
    TaxedLines,
    TaxPolicy,
    TaxRate,
    TaxRateError,
    matching_rates,
    tax_lines,
    tax_of,
)

__all__ = [
    "STANDARD",
    "Place",
    "Rounding",
    "TaxPolicy",
    "TaxRate",
    "TaxRateError",
    "TaxedLines",
    "matching_rates",
    "replace_rates",
    "tax_lines",
    "tax_of",
    "tax_policy",
    "tax_rates",
]
