"""Which words of the catalogue did somebody mean who typed one that it does not have?"""

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from pasar.shop.catalog.search.vocabulary import Vocabulary

MOST_CANDIDATES = 5


def distance_allowed(word: str) -> int:
    """Return how many slips a word of this length may hold: 1 from four letters, 2 from eight."""
    if len(word) < 4 or word.isdigit():
        return 0  # "500" is not a slip for "600"
    return 1 if len(word) < 8 else 2


def close_words(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the words closest to `word`, best first, at most five, all at the same smallest distance.

    A slip is a letter left out, added, replaced, or swapped with its neighbour (optimal string alignment).
    Among equals a word of titles, vendors and tags goes before one that only bodies use, then the more
    frequent one.
    """
    allowed = distance_allowed(word)
    if not allowed:
        return []
    by_length = vocabulary.by_length()
    choices = [
        candidate
        for length in range(max(len(word) - allowed, 3), len(word) + allowed + 1)
        for candidate in by_length.get(length, ())
    ]
    found = extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=None, processor=None)
    if not found:
        return []
    least = min(distance for _, distance, _ in found)
    nearest = [candidate for candidate, distance, _ in found if distance == least]
    nearest.sort(key=lambda near: (not vocabulary.in_names(near), -vocabulary.frequency(near), near))
    return nearest[:MOST_CANDIDATES]
