"""What does a cart cost, and why this number? One pure function, in whole minor units of one currency.

For each line, `line_subtotal = unit_minor × quantity` and `line_total = line_subtotal − discount`, where the
discount is at most the subtotal. Tax is reckoned on `line_total` of the taxable lines and, if the company
taxes it, on shipping. With those, over all lines:

    subtotal        the sum of line_subtotal
    discount_total  the sum of discount
    tax_total       the tax of lines and shipping, under the policy's rounding
    grand_total     subtotal − discount_total + shipping_total, + tax_total when tax is added

Tax that the prices include is shown and never added. No discount exceeds its line, so no total is negative.

Each total answers `why()`: the steps whose amounts add up to it. They are made when asked for, from the same
figures, since every page reads totals and few read reasons.
"""

from collections.abc import Sequence
from typing import Literal, assert_never

import msgspec

from pasar.finance.taxes.public import TaxPolicy, tax_lines
from pasar.kernel.money import BIGINT_MAX, MoneyError, known_currency

__all__ = ["CartTotals", "LineInput", "LineTotals", "Step", "TotalName", "cart_totals"]

TotalName = Literal["subtotal", "discount_total", "tax_total", "shipping_total", "grand_total"]


# Structs instead of dataclasses: made on every cart read, and these are built several times faster.
class Step(msgspec.Struct, frozen=True, gc=False):
    """One rule's part in a number, in minor units; `subject` is the line or the tax that it speaks of."""

    rule: Literal["price", "discount", "tax_added", "tax_included", "shipping"]
    amount: int
    subject: str = ""


class LineInput(msgspec.Struct, frozen=True, gc=False):
    """A line as the cart knows it. Minor units, pieces, and grams of one piece.

    `discount_minor` is what promotions take off the whole line, an order's discount included: they spread it
    over the lines before the totals are reckoned, so that tax falls on what is really paid.
    """

    line_id: str
    unit_minor: int
    quantity: int
    taxable: bool
    requires_shipping: bool
    weight_grams: int
    discount_minor: int = 0


class LineTotals(msgspec.Struct, frozen=True, gc=False):
    """A line reckoned. `line_total` is after discount and before added tax; `tax` is the part of the line."""

    line_id: str
    unit_minor: int
    quantity: int
    requires_shipping: bool
    weight_grams: int
    line_subtotal: int
    discount: int
    line_total: int
    tax: int

    def why(self) -> tuple[Step, ...]:
        """The steps that add up to `line_total`."""
        price = Step("price", self.unit_minor * self.quantity, self.line_id)
        return (price, Step("discount", -self.discount, self.line_id)) if self.discount else (price,)


class CartTotals(msgspec.Struct, frozen=True, gc=False):
    """A cart reckoned, in minor units of `currency`. `tax_by_name` holds one pair for each tax charged."""

    currency: str
    subtotal: int
    discount_total: int
    tax_total: int
    tax_included: bool
    shipping_total: int
    grand_total: int
    item_count: int
    lines: tuple[LineTotals, ...]
    tax_by_name: tuple[tuple[str, int], ...]

    def why(self, total: TotalName = "grand_total") -> tuple[Step, ...]:
        """The steps that add up to one of the totals, line by line and tax by tax."""
        match total:
            case "subtotal":
                return tuple(
                    Step("price", line.unit_minor * line.quantity, line.line_id) for line in self.lines
                )
            case "discount_total":
                return tuple(
                    Step("discount", line.discount, line.line_id) for line in self.lines if line.discount
                )
            case "tax_total":
                rule: Literal["tax_included", "tax_added"] = (
                    "tax_included" if self.tax_included else "tax_added"
                )
                return tuple(Step(rule, amount, name) for name, amount in self.tax_by_name)
            case "shipping_total":
                return (Step("shipping", self.shipping_total),) if self.shipping_total else ()
            case "grand_total":
                steps = tuple(step for line in self.lines for step in line.why())
                taxes = () if self.tax_included else self.why("tax_total")
                return steps + self.why("shipping_total") + taxes
            case _:
                assert_never(total)


def cart_totals(
    lines: Sequence[LineInput],
    currency: str,
    tax: TaxPolicy | None = None,
    shipping_minor: int = 0,
    shipping_taxed: bool = False,
) -> CartTotals:
    """Reckon a cart. Without a policy no tax is charged; `shipping_minor` is 0 until a method is chosen.

    Raises MoneyError for an unknown currency, a negative price, discount or shipping, a quantity under 1,
    and a total beyond a bigint.
    """
    if not known_currency(currency):
        raise MoneyError(f"unknown currency {currency!r}")
    if shipping_minor < 0:
        raise MoneyError("shipping is negative")
    taxes, shipping_tax, by_name = _taxes(lines, tax, shipping_minor if shipping_taxed else 0)
    reckoned = tuple([_line(line, line_tax) for line, line_tax in zip(lines, taxes, strict=True)])
    subtotal = sum([line.line_subtotal for line in reckoned])
    discount_total = sum([line.discount for line in reckoned])
    tax_total = sum(taxes) + shipping_tax
    included = tax is not None and tax.included
    grand_total = subtotal - discount_total + shipping_minor + (0 if included else tax_total)
    if max(subtotal, grand_total) > BIGINT_MAX:
        raise MoneyError("the cart does not fit a bigint")
    return CartTotals(
        currency=currency,
        subtotal=subtotal,
        discount_total=discount_total,
        tax_total=tax_total,
        tax_included=included,
        shipping_total=shipping_minor,
        grand_total=grand_total,
        item_count=sum([line.quantity for line in reckoned]),
        lines=reckoned,
        tax_by_name=by_name,
    )


def _line(line: LineInput, tax: int) -> LineTotals:
    subtotal, discount = _amounts(line)
    return LineTotals(
        line_id=line.line_id,
        unit_minor=line.unit_minor,
        quantity=line.quantity,
        requires_shipping=line.requires_shipping,
        weight_grams=line.weight_grams,
        line_subtotal=subtotal,
        discount=discount,
        line_total=subtotal - discount,
        tax=tax,
    )


def _amounts(line: LineInput) -> tuple[int, int]:
    """A line's subtotal and the discount that it can bear."""
    if line.quantity < 1 or line.unit_minor < 0 or line.discount_minor < 0:
        raise MoneyError("a line has a quantity from 1 and neither a negative price nor a negative discount")
    subtotal = line.unit_minor * line.quantity
    return subtotal, min(line.discount_minor, subtotal)


def _taxes(
    lines: Sequence[LineInput], tax: TaxPolicy | None, taxed_shipping: int
) -> tuple[list[int], int, tuple[tuple[str, int], ...]]:
    """The tax of each line, of shipping, and of each rate by name."""
    if tax is None or not tax.rates:
        return [0] * len(lines), 0, ()
    # Lines without tax take part with nothing, which keeps the positions; shipping is reckoned as the last.
    bases = [0] * len(lines)
    for position, line in enumerate(lines):
        if line.taxable:
            subtotal, discount = _amounts(line)
            bases[position] = subtotal - discount
    bases.append(taxed_shipping)
    taxed = tax_lines(bases, tax.rates, tax.included, tax.rounding)
    by_line = [sum(shares) for shares in taxed.lines]
    shipping_tax = by_line.pop()
    return by_line, shipping_tax, tuple(zip([rate.name for rate in tax.rates], taxed.by_rate, strict=True))
