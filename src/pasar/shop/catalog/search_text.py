"""Under which words do staff find a product, and what do they ask PostgreSQL?

Words are folded in Python, since PostgreSQL in the C locale folds no accents; so no text search
configuration is needed: the vector is written, and the query read, word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pasar.shop.catalog.cleaning import plain_text
from pasar.shop.catalog.search.folding import sku_whole, words, words_of_all

MOST_WORDS = 2_000
"""Words of a description beyond this are not searched: a vector holds a megabyte, a page has fewer words."""


def search_vector(
    *,
    title: str,
    vendor: str,
    labels: Iterable[str],
    skus: Sequence[str],
    description_html: str,
) -> str:
    """The literal of a product's tsvector: title and SKUs weigh A, vendor B, labels C, the description D.

    `labels` are tags and option values. A word that stands in several texts keeps its greatest weight.
    """
    weights: dict[str, str] = {}
    body = words(plain_text(description_html))[:MOST_WORDS] if description_html else []
    for weight, found in (
        ("A", [*words(title), *words_of_all(skus), *filter(None, map(sku_whole, skus))]),
        ("B", words(vendor)),
        ("C", words_of_all(labels)),
        ("D", body),
    ):
        for word in found:
            weights.setdefault(word, weight)
    # A position carries the weight; words hold letters and figures only, so nothing needs quoting.
    return " ".join([f"{word}:1{weight}" for word, weight in weights.items()])


def search_query(text: str) -> str:
    """The tsquery that finds all words of `text`, each as a beginning; empty for a text without words."""
    return " & ".join(f"{word}:*" for word in dict.fromkeys(words(text)))
