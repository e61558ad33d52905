"""What may somebody be about to type?"""

from collections.abc import Callable
from functools import reduce
from heapq import nsmallest
from operator import and_

from pasar.shop.catalog.search.documents import SearchDocument, Suggestion
from pasar.shop.catalog.search.folding import words
from pasar.shop.catalog.search.ranking import Order
from pasar.shop.catalog.search.vocabulary import Field, Vocabulary, anywhere

MOST_SUGGESTIONS = 20
_NAMES = (Field.TITLE, Field.VENDOR, Field.LABEL)


def suggestions(
    prefix: str,
    limit: int,
    vocabulary: Vocabulary,
    newest: Order,
    document: Callable[[int], SearchDocument],
) -> list[Suggestion]:
    """Return at most `limit` (and 20) suggestions: words, at most half of them, then titles, newest first.

    Each holds a word that begins with the last word typed; words before it stand in full in the product.
    Empty for a text without a letter or figure.
    """
    typed = words(prefix)
    limit = min(limit, MOST_SUGGESTIONS)
    if not typed or limit < 1:
        return []
    *before, last = typed
    documents = reduce(and_, (anywhere(vocabulary.hits(word)) for word in before), -1)
    titles = _titles(last, documents, limit, vocabulary, newest, document)
    found = _words(last, before, documents, max(limit - len(titles), (limit + 1) // 2), vocabulary)
    return [*found, *titles][:limit]


def _words(
    last: str, before: list[str], documents: int, wanted: int, vocabulary: Vocabulary
) -> list[Suggestion]:
    """Return the most frequent words of titles, vendors and tags that begin so, after the words before."""
    frequent: dict[str, int] = {}
    for word in vocabulary.words_from(last):
        if vocabulary.in_names(word):
            bits = (vocabulary.fields[field].bits(word) for field in _NAMES)
            held = sum([(found & documents).bit_count() for found in bits])
            if held:
                frequent[word] = held
    best = nsmallest(wanted, frequent, key=lambda word: (-frequent[word], word))
    return [Suggestion(" ".join((*before, word))) for word in best]


def _titles(
    last: str,
    documents: int,
    wanted: int,
    vocabulary: Vocabulary,
    newest: Order,
    document: Callable[[int], SearchDocument],
) -> list[Suggestion]:
    held = vocabulary.prefix_hits(last)[Field.TITLE] & documents
    found: dict[str, Suggestion] = {}
    # Some more than wanted, since products may share a title.
    for ordinal in newest.first(held, wanted * 3):
        product = document(ordinal)
        found.setdefault(product.title, Suggestion(product.title, product.product_id, product.handle))
    return list(found.values())[:wanted]
