"""How tax rates travel: per cent outside, parts per million inside."""

from __future__ import annotations

from pasar.finance.taxes.models import TaxRateRow
from pasar.finance.taxes.percent import percent_of, ppm_of
from pasar.finance.taxes.rates import TaxRate, TaxRateError
from pasar.finance.taxes.schemas import TaxRateAnswer, TaxRateInput
from pasar.kernel.errors import FieldProblem, Unprocessable


def read_rate(data: TaxRateInput) -> TaxRate:
    """The rate that staff sent. Raises `Unprocessable` `tax_rate_invalid`, naming the field."""
    try:
        return TaxRate(
            country=data.country,
            name=data.name.strip(),
            rate_ppm=ppm_of(data.percent),
            region=data.region,
            postcode=data.postcode,
            priority=data.priority,
            compound=data.compound,
        )
    except TaxRateError as problem:
        field = "postcode" if "postcode" in str(problem) else "region"
        raise _refused(field, str(problem)) from None
    except ValueError as problem:
        raise _refused("percent", str(problem)) from None


def rate_answer(row: TaxRateRow) -> TaxRateAnswer:
    """A stored rate for staff."""
    return TaxRateAnswer(
        id=row.id,
        name=row.name,
        country=row.country,
        percent=percent_of(row.rate_ppm),
        region=row.region,
        postcode=row.postcode,
        priority=row.priority,
        compound=row.compound,
    )


def _refused(field: str, reason: str) -> Unprocessable:
    return Unprocessable(
        "tax_rate_invalid",
        f"This rate cannot be charged: {reason}.",
        errors=[FieldProblem(field, "invalid", reason)],
    )
