"""Which lines of the file make one record?"""

import csv
from collections import deque
from collections.abc import Iterator

from pasar.shop.catalog.shopify_problems import Problems

LONGEST_FIELD = 1 << 20
"""Characters of one field; Shopify's own limit for a description is 512 KB."""

MOST_LINES = 2000
"""Physical lines of one record; more mean a quote that nobody closed."""

# Each unclosed quote may cost a second look at MOST_LINES lines: a file full of them is refused.
_MOST_BREAKS = 100


class _NeverClosedError(Exception):
    """The record did not end within its limits."""


class _Lines:
    """Feeds the csv reader and remembers the lines of the record at hand, to give them back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.passed = 0  # lines of the records before this one

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        record = self.record
        if len(record) >= MOST_LINES:
            raise _NeverClosedError
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                if record:
                    raise _NeverClosedError from None
                raise
        record.append(line)
        return line

    def start_record(self) -> None:
        self.passed += len(self.record)
        self.record.clear()

    def give_back_all_but_first(self) -> None:
        self._again.extendleft(reversed(self.record[1:]))
        del self.record[1:]


def first_line(lines: Iterator[str]) -> tuple[str, int]:
    """Return the heading line and its number, past blank lines and the `sep=;` line of Excel.

    The heading is taken as one physical line: no Shopify heading holds a line end. Empty when there is none.
    """
    number = 0
    for line in lines:
        number += 1
        if line.strip(" ,;\t\r\n") and not line.lower().startswith("sep="):
            return line, number
    return "", number


def records_of(
    lines: Iterator[str], *, delimiter: str, width: int, before: int, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """Yield (physical line where it starts, cells) of each record after the heading; blank lines are skipped.

    `before` lines were read already; `width` is the number of columns of the heading. A record that never
    ends is reported once; reading resumes at the next line that has as many cells as the heading or the row
    before, so an unclosed quote costs one row and never the rest of the file.
    """
    # The limit belongs to the process; it is only ever raised, by nobody else here.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    feed = _Lines(lines)
    reader = csv.reader(feed, delimiter=delimiter)
    breaks = 0
    usual = width  # some tools leave the empty cells at the end out
    recovering = False
    while True:
        feed.start_record()
        line = before + feed.passed + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_NeverClosedError, csv.Error):
            feed.give_back_all_but_first()
            recovering = True
            breaks += 1
            problems.error(line, "", "quote_unclosed", "A quote is never closed: the row was left out.")
            if breaks == _MOST_BREAKS:
                problems.error(line, "", "quotes_broken", "Too many unclosed quotes: reading stopped here.")
                return
            continue
        if recovering and len(cells) not in (width, usual):
            continue
        recovering = False
        if cells:
            usual = len(cells)
            yield line, cells
