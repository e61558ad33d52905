"""Which documents answer the typed words, and what was probably meant where none does?"""

from dataclasses import dataclass

from pasar.shop.catalog.search.folding import Term, sku_whole, terms
from pasar.shop.catalog.search.ranking import Scores
from pasar.shop.catalog.search.typos import close_words
from pasar.shop.catalog.search.vocabulary import NO_HITS, Field, Hits, Vocabulary, anywhere, union_of

MOST_TERMS = 12
"""Further words of a query are left out: nobody types them, and each costs time."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents that answer the text with their points; `corrected` where a word had to be replaced."""

    documents: int
    scores: Scores
    corrected: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What one term found: `best` are the documents preferred among them, `word` what was looked for."""

    hits: Hits
    documents: int
    best: int
    word: str
    corrected: bool


def match(text: str, vocabulary: Vocabulary, everything: int) -> Matches:
    """Return the documents that hold all words of `text`, the last one also by its beginning.

    A word without a document is replaced by the closest words of the catalogue. Where no document holds all
    words, those that hold most of them answer. A text without a letter or figure asks for everything.
    """
    asked = terms(text)[:MOST_TERMS]
    scores = Scores()
    if not asked:
        return Matches(everything, scores, None)
    found = [answer for term in _split(asked, vocabulary) for answer in [_look_up(*term, vocabulary)]]
    documents = everything
    for answer in found:
        documents &= answer.documents
        scores.add_word(answer.hits)
        scores.add_exact(answer.best)
    if len(asked) > 1:
        documents |= _typed_sku(text, vocabulary, scores)
    if not documents:
        documents = _most_words(found)
    corrected = any(answer.corrected for answer in found)
    return Matches(documents, scores, " ".join(answer.word for answer in found) if corrected else None)


def _split(asked: list[Term], vocabulary: Vocabulary) -> list[tuple[Term, bool]]:
    """Return (term, is it the last); a compound that nothing holds is looked up part by part."""
    flat: list[Term] = []
    for number, term in enumerate(asked):
        last = number == len(asked) - 1
        if len(term.parts) > 1 and not anywhere(_hits_of(term, last, vocabulary)[0]):
            flat += [Term(part, (part,)) for part in term.parts]
        else:
            flat.append(term)
    return [(term, number == len(flat) - 1) for number, term in enumerate(flat)]


def _look_up(term: Term, last: bool, vocabulary: Vocabulary) -> _Found:
    hits, exact = _hits_of(term, last, vocabulary)
    documents = anywhere(hits)
    typed = "-".join(term.parts)
    if documents:
        return _Found(hits, documents, exact, typed, corrected=False)
    close = close_words(term.whole, vocabulary)
    if not close:
        return _Found(NO_HITS, 0, 0, typed, corrected=False)
    alternatives = [vocabulary.hits(word) for word in close]
    hits = union_of(alternatives)
    return _Found(hits, anywhere(hits), anywhere(alternatives[0]), close[0], corrected=True)


def _hits_of(term: Term, last: bool, vocabulary: Vocabulary) -> tuple[Hits, int]:
    """Return the documents of a term by field, and those that hold it in full."""
    hits = vocabulary.hits(term.whole)
    if len(term.parts) > 1:
        hits = union_of((hits, _all_parts(term.parts, last, vocabulary)))
    exact = anywhere(hits)
    if last:
        hits = union_of((hits, vocabulary.prefix_hits(term.whole)))
    return hits, exact


def _all_parts(parts: tuple[str, ...], last: bool, vocabulary: Vocabulary) -> Hits:
    """Return the documents that hold every part, by the fields that hold every part."""
    several = [vocabulary.hits(part) for part in parts]
    if last:
        several[-1] = union_of((several[-1], vocabulary.prefix_hits(parts[-1])))
    common = list(several[0])
    everywhere = anywhere(several[0])
    for hits in several[1:]:
        everywhere &= anywhere(hits)
        common = [one & other for one, other in zip(common, hits, strict=True)]
    # Parts of different fields (a brand in the vendor, a figure in the title) count as a body's word.
    common[Field.BODY] |= everywhere
    title, vendor, label, body, sku, part = common
    return title, vendor, label, body, sku, part


def _typed_sku(text: str, vocabulary: Vocabulary, scores: Scores) -> int:
    """Return the documents whose SKU is the text as a whole, typed with blanks."""
    documents = vocabulary.fields[Field.SKU].bits(sku_whole(text))
    if documents:
        scores.add_word((0, 0, 0, 0, documents, 0))
    return documents


def _most_words(found: list[_Found]) -> int:
    """Return the documents that hold the greatest number of the words; none where no word is held."""
    held = Scores()
    union = 0
    for answer in found:
        held.add(answer.documents, 1)
        union |= answer.documents
    return next(held.groups(union), 0)
