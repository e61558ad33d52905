"""Which values does a variant have for the options of its product?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pasar.kernel.errors import FieldProblem, Unprocessable


def values_for(names: Sequence[str], options: Mapping[str, str]) -> list[str]:
    """The values in the order of `names`. Raises `Unprocessable` (`options_mismatch`) when one has none."""
    if set(options) != set(names):
        wanted = ", ".join(names) or "none"
        raise Unprocessable(
            "options_mismatch",
            f"Send one value for each option of the product. It has: {wanted}.",
            errors=[FieldProblem("options", "options_mismatch", f"wanted: {wanted}")],
        )
    return [options[name].strip() for name in names]


def variant_title(values: Sequence[str]) -> str:
    """How a variant is called beside its product: `Blue / M`, empty without options."""
    return " / ".join(values)


def refuse_alike(names: Sequence[str]) -> None:
    """Raise `Unprocessable` (`options_alike`) when two options have the same name."""
    if len({name.strip().casefold() for name in names}) < len(names):
        raise Unprocessable("options_alike", "Two options have the same name. Give each its own.")
