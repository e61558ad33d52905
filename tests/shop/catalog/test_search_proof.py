"""The promises of the search, over a real catalogue and over one made here."""

import csv
import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from pasar.shop.catalog.cleaning import plain_text
from pasar.shop.catalog.search.documents import SearchDocument, SearchQuery
from pasar.shop.catalog.search.folding import words
from pasar.shop.catalog.search.index import SearchIndex
from pasar.shop.catalog.shopify_reading import ShopifyProduct, read_products

BICYCLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "shopify" / "bicycles.csv"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _of_product(number: int, product: ShopifyProduct, categories: dict[str, UUID]) -> SearchDocument:
    prices = [variant.price_minor for variant in product.variants]
    options: dict[str, frozenset[str]] = {}
    for place, name in enumerate(product.options):
        options[name] = frozenset(variant.options[place] for variant in product.variants)
    category = categories.setdefault(product.product_type, UUID(int=len(categories) + 2))
    return SearchDocument(
        product_id=UUID(int=1000 + number),
        revision=1,
        title=product.title,
        handle=product.handle,
        created_at=float(number % 97),
        vendor=product.vendor,
        category_ids=(category, UUID(int=1)),
        tags=product.tags,
        body_text=plain_text(product.body_html),
        skus=tuple(variant.sku for variant in product.variants if variant.sku),
        options=options,
        prices={"USD": (min(prices), max(prices))} if prices else {},
        in_stock=any((variant.quantity or 0) > 0 for variant in product.variants),
    )


@cache
def _bicycles() -> tuple[SearchDocument, ...]:
    if not BICYCLES.exists():
        pytest.skip("the shared bicycles.csv is not here")
    categories: dict[str, UUID] = {}
    with BICYCLES.open("rb") as stream:
        products = read_products(stream, currency="USD", on_problem=lambda _: None)
        return tuple(_of_product(number, product, categories) for number, product in enumerate(products))


@cache
def _synthetic() -> tuple[SearchDocument, ...]:
    rng = random.Random(20)
    onsets, vowels, ends = (
        ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "br", "kl", "pr", "st", "tr", "sl"],
        ["a", "e", "i", "o", "u"],
        "n r s t l k",
    )
    coined = sorted(
        {
            "".join(rng.choice(onsets) + rng.choice(vowels) for _ in range(rng.randint(2, 4)))
            + rng.choice(ends.split())
            for _ in range(900)
        }
    )
    colours = ["Merah", "Biru", "Hijau", "Hitam", "Putih", "Kuning", "Ungu"]
    made = []
    for number in range(1200):
        lowest = rng.choice([0, 500, 990, 1990, 4900, 12000]) + rng.randint(0, 400)
        made.append(
            SearchDocument(
                product_id=UUID(int=5000 + number),
                revision=1,
                title=" ".join(rng.sample(coined, 3)).title(),
                handle=f"p-{number}",
                created_at=float(rng.randint(0, 10**6)),
                vendor=f"Toko {rng.choice(coined[:40]).title()}" if number % 9 else "",
                category_ids=(UUID(int=1 + number % 5), UUID(int=10 + number % 90)),
                tags=tuple(rng.sample(coined[:80], 2)),
                body_text=" ".join(rng.sample(coined, 15)),
                skus=(f"SY-{number}-A", f"SY-{number}-B"),
                options={
                    "Warna": frozenset(rng.sample(colours, rng.randint(1, 3))),
                    **({"Ukuran": frozenset(rng.sample("SMLX", 2))} if number % 3 else {}),
                },
                prices={"USD": (lowest, lowest + 300)} if number % 11 else {"IDR": (lowest, lowest)},
                in_stock=rng.random() < 0.8,
            )
        )
    return tuple(made)


Catalogue = Callable[[], tuple[SearchDocument, ...]]
both = pytest.mark.parametrize("catalogue", [_bicycles, _synthetic], ids=["bicycles", "synthetic"])


def _slip(word: str, kind: str, rng: random.Random) -> str:
    at = rng.randrange(len(word) - 1)
    if kind == "left out":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    if kind == "swapped":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice(ALPHABET.replace(word[at], "")) + word[at + 1 :]


def _long_title_words(documents: tuple[SearchDocument, ...]) -> list[str]:
    found = {word for document in documents for word in words(document.title)}
    return sorted(word for word in found if len(word) >= 5 and word.isalpha())


def _begins(text: str, prefix: str) -> bool:
    return any(word.startswith(prefix) for word in words(text))


@both
def test_a_slip_finds_the_word_among_the_first_ten(catalogue: Catalogue) -> None:
    documents = catalogue()
    index = SearchIndex(documents)
    texts = {
        document.product_id: set(
            words(" ".join([document.title, document.vendor, *document.tags, document.body_text]))
        )
        for document in documents
    }
    rng = random.Random(300)
    asked = rng.choices(_long_title_words(documents), k=300)
    kinds = ["left out", "doubled", "swapped", "replaced"]
    missed, empty = [], []
    for number, word in enumerate(asked):
        typed = _slip(word, kinds[number % 4], rng)
        result = index.search(SearchQuery(text=typed, limit=10))
        if not result.total:
            empty.append((word, typed))
        if not any(word in texts[product] for product in result.product_ids):
            missed.append((word, typed, result.did_you_mean))
    assert empty == []
    assert len(missed) <= 15, missed


@both
def test_suggestions_hold_the_prefix(catalogue: Catalogue) -> None:
    documents = catalogue()
    index = SearchIndex(documents)
    rng = random.Random(7)
    held = total = 0
    for word in rng.choices(_long_title_words(documents), k=300):
        prefix = word[: rng.randint(1, 5)]
        offered = index.suggest(prefix, 8)
        assert offered, prefix
        total += len(offered)
        held += sum(_begins(suggestion.text, prefix) for suggestion in offered)
    assert held >= 0.99 * total


def _lowest(document: SearchDocument) -> int | None:
    return document.prices["USD"][0] if "USD" in document.prices else None


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _holds(document: SearchDocument, word: str) -> bool:
    """Tell whether a text begins a word so, or a SKU is, holds as a part, or begins so."""
    texts = [document.title, document.vendor, *document.tags, document.body_text]
    texts += [value for values in document.options.values() for value in values]
    if any(found.startswith(word) for text in texts for found in _words(text)):
        return True
    return any(
        word in _words(sku) or (len(word) >= 3 and "".join(words(sku.replace("-", ""))).startswith(word))
        for sku in document.skus
    )


def _failed(document: SearchDocument, query: SearchQuery) -> set[str]:
    """Return the filters that this document fails, looked at by itself and without the index."""
    lowest = _lowest(document)
    passed = {
        "text": not query.text or _holds(document, query.text),
        "category": query.category is None or query.category in document.category_ids,
        "vendor": not query.vendors or document.vendor in query.vendors,
        "stock": query.in_stock is None or document.in_stock is query.in_stock,
        "price": (query.price_min is None and query.price_max is None)
        or (
            lowest is not None
            and (query.price_min is None or lowest >= query.price_min)
            and (query.price_max is None or lowest <= query.price_max)
        ),
    }
    for name, values in query.options.items():
        passed[f"option:{name}"] = bool(values & document.options.get(name, frozenset()))
    return {name for name, is_passed in passed.items() if not is_passed}


def _random_query(documents: tuple[SearchDocument, ...], rng: random.Random) -> SearchQuery:
    sample = rng.choice(documents)
    names = sorted(sample.options)
    chosen = rng.sample(names, rng.randint(0, len(names))) if rng.random() < 0.5 else []
    low, high = sorted(rng.choices([0, 400, 990, 1500, 2500, 5000, 20000, 60000], k=2))
    title = words(sample.title)
    return SearchQuery(
        text=rng.choice(title) if rng.random() < 0.4 else "",
        currency="USD",
        category=rng.choice(sample.category_ids) if rng.random() < 0.5 else None,
        vendors=frozenset({sample.vendor, rng.choice(documents).vendor} - {""})
        if rng.random() < 0.4
        else frozenset(),
        options={name: frozenset({rng.choice(sorted(sample.options[name]))}) for name in chosen},
        price_min=low if rng.random() < 0.3 else None,
        price_max=high if rng.random() < 0.3 else None,
        in_stock=rng.choice([True, False, None, None]),
        limit=10_000,
    )


def _agrees(shown: dict[object, int], counted: Counter[object]) -> bool:
    """Up to fifty values are all shown; of more, the fifty most frequent."""
    if len(counted) <= 50:
        return shown == dict(counted)
    return (
        len(shown) == 50
        and sorted(shown.values()) == sorted(counted.values())[-50:]
        and all(counted[value] == number for value, number in shown.items())
    )


@both
def test_facets_equal_a_brute_force_count(catalogue: Catalogue) -> None:
    documents = catalogue()
    index = SearchIndex(documents)
    all_options = {name for document in documents for name in document.options}
    rng = random.Random(200)
    nonempty = 0
    for _ in range(200):
        query = _random_query(documents, rng)
        result = index.search(query)
        assert result.did_you_mean is None
        failed = [(document, _failed(document, query)) for document in documents]
        found = [document for document, reasons in failed if not reasons]
        assert set(result.product_ids) == {document.product_id for document in found}, query
        assert result.total == len(found)
        nonempty += bool(found)

        def left(own: str, failed: list[tuple[SearchDocument, set[str]]] = failed) -> list[SearchDocument]:
            return [document for document, reasons in failed if reasons <= {own}]

        categories: Counter[object] = Counter(
            category for document in left("category") for category in document.category_ids
        )
        assert _agrees({count.category_id: count.count for count in result.facets.categories}, categories)
        vendors: Counter[object] = Counter(document.vendor for document in left("vendor") if document.vendor)
        assert _agrees({count.value: count.count for count in result.facets.vendors}, vendors)
        for name in all_options:
            values: Counter[object] = Counter(
                value
                for document in left(f"option:{name}")
                for value in document.options.get(name, frozenset())
            )
            shown = result.facets.options.get(name, ())
            assert _agrees({count.value: count.count for count in shown}, values), name
        stocked = Counter(document.in_stock for document in left("stock"))
        assert (result.facets.in_stock, result.facets.out_of_stock) == (stocked[True], stocked[False])
        for bucket in result.facets.price_ranges:
            inside = [
                lowest
                for document in left("price")
                if (lowest := _lowest(document)) is not None
                and bucket.price_min <= lowest
                and (bucket.price_max is None or lowest <= bucket.price_max)
            ]
            assert bucket.count == len(inside)
    assert nonempty > 100


def test_the_real_catalogue_is_read_as_a_plain_csv_reader_counts_it() -> None:
    documents = _bicycles()
    with BICYCLES.open(encoding="utf-8", newline="") as stream:
        handles = {row["Handle"] for row in csv.DictReader(stream)}
    assert {document.handle for document in documents} == handles
    assert not any(re.search(r"</?[a-z]+>", document.body_text) for document in documents)
