"""Words, filters, orders and changes of the search."""

import random
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasar.shop.catalog.cleaning import plain_text
from pasar.shop.catalog.search.bitmaps import Bitmaps, bits_of, ordinals_of
from pasar.shop.catalog.search.documents import SearchDocument, SearchQuery, Sort
from pasar.shop.catalog.search.folding import Term, fold, sku_whole, terms, words
from pasar.shop.catalog.search.index import SearchIndex
from pasar.shop.catalog.search.prices import round_edges
from pasar.shop.catalog.search.ranking import Scores


def _document(number: int, title: str, **more: object) -> SearchDocument:
    document = SearchDocument(UUID(int=number), 1, title, f"h-{number}", float(number))
    return replace(document, **more)  # type: ignore[arg-type]  # keyword values of several types


SHOP = [
    _document(
        1,
        "Kemeja Batik Merah",
        vendor="Toko Sari",
        tags=("lengan-panjang",),
        skus=("KB-01/M", "KB-01/L"),
        options={"Ukuran": frozenset({"M", "L"})},
        prices={"IDR": (12900000, 13900000)},
    ),
    _document(2, "Café Crème Mug", body_text=plain_text("<p>Sturdy <b>stone</b>ware &amp; glaze</p>")),
    _document(3, "Levi's T-Shirt", vendor="Levi's", prices={"IDR": (9900000, 9900000)}, in_stock=False),
    _document(4, "Meja Kayu", body_text="Cocok untuk kemeja lipat", prices={"IDR": (50000000, 50000000)}),
    _document(5, "Wheelset 700C", vendor="Wheelsmith", tags=("wheel",)),
    _document(6, "Bell", body_text="fits every wheelset"),
]


def _found(text: str, **more: object) -> list[int]:
    query = replace(SearchQuery(text=text), **more)  # type: ignore[arg-type]  # keyword values of several types
    return [product.int for product in SearchIndex(SHOP).search(query).product_ids]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kemeja", [1, 4]),  # title before body
        ("KEMEJA  batik", [1]),
        ("meja", [4]),  # the end of another word is no match
        ("cafe creme", [2]),
        ("CAFÉ", [2]),
        ("stoneware", [2]),  # a tag inside a word does not part it
        ("levis", [3]),
        ("Levi’s", [3]),
        ("tshirt", [3]),
        ("t-shirt", [3]),
        ("t shirt", [3]),
        ("KB-01/M", [1]),
        ("kb01m", [1]),
        ("kb 01 m", [1]),
        ("kb-01", [1]),  # the beginning of a SKU
        ("lengan panjang", [1]),
        ("wheelset", [5, 6]),
        ("whee", [5, 6]),
        ("toko sari", [1]),
        ("merah m", [1]),  # an option
        ("zzzzqqqq", []),
        ("!?", [6, 5, 4, 3, 2, 1]),  # nothing to look for: everything, newest first
    ],
)
def test_words_are_found(text: str, found: list[int]) -> None:
    assert _found(text) == found


def test_a_word_must_begin_only_at_the_end_of_the_query() -> None:
    assert _found("kem batik") == [1]  # no document holds "kem": the other word answers
    assert _found("batik kem") == [1]
    assert _found("kem lipat") == [4]


def test_a_correction_is_told_and_an_existing_word_is_left_alone() -> None:
    index = SearchIndex(SHOP)
    corrected = index.search(SearchQuery(text="kemjea batik"))
    assert corrected.did_you_mean == "kemeja batik"
    assert [product.int for product in corrected.product_ids] == [1]
    assert index.search(SearchQuery(text="meja")).did_you_mean is None
    assert index.search(SearchQuery(text="bxll")).did_you_mean == "bell"
    assert index.search(SearchQuery(text="702c")).total == 1  # one figure of a mixed word may slip
    assert index.search(SearchQuery(text="701")).total == 0  # a number is never taken for another one


def test_words_that_no_document_holds_together_answer_with_most_of_them() -> None:
    assert _found("batik merah mug") == [1]


def test_a_whole_sku_outranks_every_word() -> None:
    loud = _document(
        8, "abc abc", vendor="abc", tags=("abc",), body_text="abc", options={"A": frozenset({"abc"})}
    )
    quiet = _document(7, "Plain", skus=("ABC",))
    found = SearchIndex([loud, quiet]).search(SearchQuery(text="abc")).product_ids
    assert [product.int for product in found] == [7, 8]


def test_weights_order_title_vendor_tag_body_and_newest_breaks_ties() -> None:
    documents = [
        _document(1, "a", body_text="lamp"),
        _document(2, "b", tags=("lamp",)),
        _document(3, "c", vendor="lamp"),
        _document(4, "lamp"),
        _document(5, "lamp"),
        _document(6, "lampshade"),
    ]
    found = SearchIndex(documents).search(SearchQuery(text="lamp")).product_ids
    assert [product.int for product in found] == [5, 4, 3, 6, 2, 1]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price_asc", [3, 1, 4, 6, 5, 2]),
        ("price_desc", [4, 1, 3, 6, 5, 2]),
        ("newest", [6, 5, 4, 3, 2, 1]),
        ("title", [6, 2, 1, 3, 4, 5]),
    ],
)
def test_sorts(sort: Sort, order: list[int]) -> None:
    found = _found("", sort=sort, currency="IDR")
    if sort.startswith("price"):  # products without a price come last, in no promised order
        assert found[:3] == order[:3]
        assert sorted(found) == sorted(order)
    else:
        assert found == order


def test_filters_narrow_and_an_unknown_value_finds_nothing() -> None:
    assert _found("", in_stock=False) == [3]
    assert _found("", vendors=frozenset({"Toko Sari", "Levi's"})) == [3, 1]
    assert _found("", vendors=frozenset({"Nobody"})) == []
    assert _found("", options={"Ukuran": frozenset({"M"})}) == [1]
    assert _found("", options={"Nothing": frozenset({"M"})}) == []
    assert _found("", category=UUID(int=99)) == []
    assert _found("", currency="IDR", price_min=9900000, price_max=12900000) == [3, 1]
    assert _found("", price_min=1) == []  # a price without a currency means none


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    rng = random.Random(5)
    documents = [
        _document(n, rng.choice(["lamp red", "lamp", "red"]), body_text=rng.choice(["lamp", "red", ""]))
        for n in range(1, 400)
    ]
    index = SearchIndex(documents)
    for text, sort in [("lamp", "relevance"), ("", "title"), ("red", "newest")]:
        query = SearchQuery(text=text, sort=sort, limit=1000)  # type: ignore[arg-type]  # a literal in a tuple
        whole = index.search(query).product_ids
        pages = [
            product
            for offset in range(0, 400, 7)
            for product in index.search(replace(query, limit=7, offset=offset)).product_ids
        ]
        assert pages == list(whole)
        assert index.search(replace(query, limit=0)).product_ids == ()


def test_an_older_revision_never_replaces_a_newer_one() -> None:
    index = SearchIndex([_document(1, "New", revision=5)])
    assert not index.upsert(_document(1, "Old", revision=4))
    assert index.revision(UUID(int=1)) == 5
    assert index.search(SearchQuery(text="old")).total == 0
    assert index.upsert(_document(1, "Newer", revision=6))
    assert index.search(SearchQuery(text="newer")).total == 1
    assert not index.remove(UUID(int=2))


def test_changes_leave_the_index_as_if_it_had_been_built_anew() -> None:
    rng = random.Random(11)
    names = ["lamp", "table", "chair", "red", "blue", "oak", "steel", "t-shirt", "wheel", "wheels"]

    def some(number: int, revision: int) -> SearchDocument:
        return _document(
            number,
            " ".join(rng.sample(names, 3)),
            revision=revision,
            vendor=rng.choice(names),
            category_ids=(UUID(int=rng.randint(1, 4)),),
            tags=tuple(rng.sample(names, 2)),
            body_text=" ".join(rng.sample(names, 4)),
            skus=(f"S-{rng.randint(1, 50)}",),
            options={rng.choice(["A", "B"]): frozenset(rng.sample(names, 2))},
            prices={rng.choice(["USD", "EUR"]): (rng.randint(1, 5000), 6000)},
            in_stock=rng.random() < 0.5,
        )

    known = {number: some(number, 0) for number in range(1, 150)}
    index = SearchIndex(known.values())
    queries = [
        SearchQuery(text=text, currency=currency, sort=sort, limit=500)
        for text in ("", "lamp", "whe", "red oak", "s-1", "t-shirt", "lmap")
        for currency in ("USD", "EUR")
        for sort in ("relevance", "newest", "price_asc", "price_desc", "title")
    ]
    for revision in range(1, 400):
        number = rng.randint(1, 200)
        if rng.random() < 0.3:
            assert index.remove(UUID(int=number)) == (known.pop(number, None) is not None)
        else:
            known[number] = some(number, revision)
            assert index.upsert(known[number])
        index.search(rng.choice(queries))
        index.suggest("w", 3)
    fresh = SearchIndex(known.values())
    assert len(index) == len(fresh) == len(known)
    for query in queries:
        changed, built = index.search(query), fresh.search(query)
        assert changed.facets == built.facets
        assert (changed.total, changed.did_you_mean) == (built.total, built.did_you_mean)
        if query.sort.startswith("price"):
            assert set(changed.product_ids) == set(built.product_ids)
        else:
            assert changed.product_ids == built.product_ids
    assert index.suggest("wh", 20) == fresh.suggest("wh", 20)


def test_suggestions_are_words_and_titles() -> None:
    index = SearchIndex(SHOP)
    offered = index.suggest("whe", 5)
    assert [suggestion.text for suggestion in offered] == ["wheel", "wheelset", "wheelsmith", "Wheelset 700C"]
    assert (offered[-1].product_id, offered[-1].handle) == (UUID(int=5), "h-5")
    assert [suggestion.text for suggestion in index.suggest("kemeja ba", 5)] == [
        "kemeja batik",
        "Kemeja Batik Merah",
    ]
    assert index.suggest("", 5) == index.suggest("?", 5) == index.suggest("xyz", 5) == []
    assert len(index.suggest("m", 1)) == 1


def test_an_empty_index_answers() -> None:
    index = SearchIndex()
    result = index.search(SearchQuery(text="anything", currency="USD", sort="price_asc"))
    assert (result.total, result.product_ids, result.did_you_mean) == (0, (), None)
    assert index.suggest("a") == []
    assert index.upsert(SHOP[0])
    assert index.search(SearchQuery(currency="IDR")).facets.price_ranges[0].count == 1


def test_words_and_terms() -> None:
    assert words("Ærø Straße ＷＩＤＥ naïve") == ["aero", "strasse", "wide", "naive"]
    assert words("Baju-baju 3.5kg a_b end. Next") == [
        *("baju", "baju", "3", "5kg", "a", "b", "end", "next"),
        *("bajubaju", "35kg", "ab"),
    ]
    assert words("東京 タワー") == words("東京 タワー".casefold())
    assert terms("T-Shirt t-shirt") == [Term("tshirt", ("t", "shirt"))]
    assert sku_whole("kb 01/M") == "kb01m"
    assert len(words("x" * 500)[0]) == 60


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.sets(st.integers(0, 3000), max_size=300))
def test_bitmaps_hold_exactly_their_ordinals(ordinals: set[int]) -> None:
    bits = bits_of(ordinals)
    assert ordinals_of(bits) == sorted(ordinals)
    assert bits.bit_count() == len(ordinals)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60))))
def test_bitmaps_follow_a_plain_model(steps: list[tuple[str, int]]) -> None:
    model: dict[str, set[int]] = {}
    bitmaps: Bitmaps[str] = Bitmaps()
    for key, ordinal in steps:
        held = model.setdefault(key, set())
        if ordinal in held:
            held.remove(ordinal)
            bitmaps.discard(key, ordinal)
        else:
            held.add(ordinal)
            bitmaps.add(key, ordinal)
    model = {key: held for key, held in model.items() if held}
    assert {key: set(ordinals_of(bitmaps.bits(key))) for key in bitmaps} == model
    assert bitmaps.counts() == {key: len(held) for key, held in model.items()}


@given(st.lists(st.tuples(st.sets(st.integers(0, 40)), st.integers(1, 40)), max_size=8))
def test_scores_add_up(given_points: list[tuple[set[int], int]]) -> None:
    scores = Scores()
    model = dict.fromkeys(range(41), 0)
    for documents, weight in given_points:
        scores.add(bits_of(documents), weight)
        for document in documents:
            model[document] += weight
    groups = [ordinals_of(group) for group in scores.groups((1 << 41) - 1)]
    expected = [
        [document for document, points in model.items() if points == wanted]
        for wanted in sorted(set(model.values()), reverse=True)
    ]
    assert groups == expected


def test_price_ranges_are_round_and_hold_every_price() -> None:
    rng = random.Random(3)
    prices = sorted(rng.randint(500, 90_000) for _ in range(1000))
    edges = round_edges(prices)
    assert len(edges) == 4
    assert all(
        str(edge).rstrip("0") in {"1", "12", "15", "2", "25", "3", "4", "5", "6", "75", "8"} for edge in edges
    )
    assert round_edges([]) == []
    assert round_edges([700] * 50) == []
    index = SearchIndex(
        _document(number, "x", prices={"USD": (price, price)}) for number, price in enumerate(prices, 1)
    )
    ranges = index.search(SearchQuery(currency="USD")).facets.price_ranges
    assert sum(bucket.count for bucket in ranges) == 1000
    assert all(bucket.count > 0 for bucket in ranges)
    for bucket in ranges:
        query = SearchQuery(currency="USD", price_min=bucket.price_min, price_max=bucket.price_max)
        assert index.search(query).total == bucket.count
