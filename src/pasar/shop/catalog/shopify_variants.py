"""What does a row say about a variant or a picture?"""

from pasar.shop.catalog import shopify_cells
from pasar.shop.catalog.shopify_columns import Columns
from pasar.shop.catalog.shopify_problems import Problems
from pasar.shop.catalog.shopify_product import Policy, ShopifyImage, ShopifyVariant


class RowReader:
    """Reads the cells of rows of one file. Rows are padded: index `columns.width` holds an empty cell."""

    def __init__(self, columns: Columns, currency: str, problems: Problems) -> None:
        at = columns.at
        self.columns = columns
        self.currency = currency
        self.problems = problems
        self._names = (at["option1_name"], at["option2_name"], at["option3_name"])
        self._values = (at["option1_value"], at["option2_value"], at["option3_value"])
        self._sku, self._barcode, self._grams = at["sku"], at["barcode"], at["grams"]
        self._quantity, self._policy = at["quantity"], at["policy"]
        self._price, self._compare_at = at["price"], at["compare_at"]
        self._shipping, self._taxable = at["requires_shipping"], at["taxable"]
        self._variant_image = at["variant_image"]
        self._image = (at["image_src"], at["image_position"], at["image_alt"])

    def option_names(self, row: list[str]) -> tuple[str, str, str]:
        """Return the three names, empty where the row gives none."""
        first, second, third = self._names
        return row[first].strip(), row[second].strip(), row[third].strip()

    def option_values(self, row: list[str]) -> tuple[str, str, str]:
        """Return the three values, empty where the row gives none."""
        first, second, third = self._values
        return row[first].strip(), row[second].strip(), row[third].strip()

    def speaks_of_variant(self, row: list[str]) -> bool:
        """Tell a variant's row from one that only adds a picture."""
        first, second, third = self._values
        return bool(row[first] or row[second] or row[third] or row[self._sku] or row[self._price])

    def image(self, row: list[str], line: int, following: int) -> ShopifyImage | None:
        """Return the picture of the row; without a position it is the `following` one."""
        src, position, alt = self._image
        address = row[src].strip()
        if not address:
            return None
        place = following
        if text := row[position].strip():
            number = shopify_cells.whole_number(text)
            if number is None or number < 1:
                self._doubt(
                    line, position, "image_position", f"{text!r} is no position; {following} was taken."
                )
            else:
                place = number
        return ShopifyImage(address, place, row[alt].strip(), line)

    def variant(self, row: list[str], line: int, options: tuple[str, ...]) -> ShopifyVariant | None:
        """Return the variant of the row; None, reported, where it has no usable price."""
        price = self._money(row, self._price, line)
        if price is None:
            return None
        return ShopifyVariant(
            options,
            row[self._sku].strip() or None,
            shopify_cells.barcode(row[self._barcode].strip()),
            self._weight(row, line),
            self._stock(row, line),
            self._policy_of(row, line),
            price,
            self._compare(row, line),
            self.truth(row, self._shipping, line, default=True),
            self.truth(row, self._taxable, line, default=True),
            row[self._variant_image].strip() or None,
            {name: row[cell] for cell, name in self.columns.variant_extras if row[cell]},
            line,
        )

    def truth(self, row: list[str], cell: int, line: int, *, default: bool) -> bool:
        """Return a yes or no; an empty cell means the default, another word is reported and means it too."""
        text = row[cell]
        if text == "true" or not text:
            return default if not text else True
        answer = shopify_cells.truth(text.strip())
        if answer is None:
            said = "true" if default else "false"
            self._doubt(line, cell, "not_a_truth", f"{text!r} is neither true nor false; {said} was taken.")
            return default
        return answer

    def _doubt(self, line: int, cell: int, code: str, message: str) -> None:
        self.problems.warn(line, self.columns.headings[cell], code, message)

    def _money(self, row: list[str], cell: int, line: int) -> int | None:
        text = row[cell].strip()
        try:
            return shopify_cells.price(text, self.currency)
        except ValueError as reason:
            heading = self.columns.headings[cell]
            if not text:
                # Zero would sell the goods for nothing: a missing price is never read as a price.
                self.problems.error(line, heading, "price_missing", "The variant has no price.")
            else:
                self.problems.error(line, heading, "price_invalid", f"{text!r} {reason}.")
            return None

    def _compare(self, row: list[str], line: int) -> int | None:
        text = row[self._compare_at].strip()
        if not text:
            return None
        try:
            return shopify_cells.price(text, self.currency)
        except ValueError as reason:
            self._doubt(line, self._compare_at, "compare_at_invalid", f"{text!r} {reason}; it was left out.")
            return None

    def _weight(self, row: list[str], line: int) -> int:
        text = row[self._grams].strip()
        grams = shopify_cells.whole_number(text) if text else 0
        if grams is None or grams < 0:
            self._doubt(line, self._grams, "weight_invalid", f"{text!r} is no weight in grams; 0 was taken.")
            return 0
        return grams

    def _stock(self, row: list[str], line: int) -> int | None:
        text = row[self._quantity].strip()
        if not text:
            return None
        quantity = shopify_cells.whole_number(text)
        if quantity is None:
            self._doubt(
                line, self._quantity, "quantity_invalid", f"{text!r} is no quantity; it was left out."
            )
        elif quantity < 0:
            self._doubt(line, self._quantity, "quantity_negative", f"{text} is below zero; 0 was taken.")
            return 0
        return quantity

    def _policy_of(self, row: list[str], line: int) -> Policy:
        text = row[self._policy].strip().lower()
        if text == "deny" or not text:
            return "deny"
        if text == "continue":
            return "continue"
        # The newer template asks "Continue selling when out of stock".
        answer = shopify_cells.truth(text)
        if answer is None:
            self._doubt(line, self._policy, "policy_invalid", f"{text!r} is no policy; deny was taken.")
        return "continue" if answer else "deny"
