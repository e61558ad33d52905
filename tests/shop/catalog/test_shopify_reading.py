"""Shopify's product CSV, as it should be and as it comes."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasar.kernel.money import MoneyError
from pasar.shop.catalog.shopify_cells import barcode, price, whole_number
from pasar.shop.catalog.shopify_product import Problem, ShopifyProduct
from pasar.shop.catalog.shopify_reading import read_products

SHOPIFY = Path(__file__).resolve().parents[4] / "shared" / "data" / "shopify"
HEAD = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src\n"


def _read(
    text: str | bytes, *, currency: str = "USD", title_required: bool = True
) -> tuple[list[ShopifyProduct], list[Problem]]:
    problems: list[Problem] = []
    stream = io.BytesIO(text.encode() if isinstance(text, str) else text)
    products = read_products(
        stream, currency=currency, on_problem=problems.append, title_required=title_required
    )
    return list(products), problems


def _codes(problems: list[Problem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("name", "products", "variants", "images", "problems"),
    [
        ("apparel.csv", 25, 96, 55, {}),
        ("bicycles.csv", 284, 1121, 1034, {"sku_repeated": 41, "quantity_negative": 23}),
        ("home-and-garden.csv", 20, 21, 21, {}),
        ("jewelry.csv", 19, 24, 25, {"quantity_negative": 1}),
    ],
)
def test_real_files(name: str, products: int, variants: int, images: int, problems: dict[str, int]) -> None:
    path = SHOPIFY / name
    if not path.exists():
        pytest.skip(f"the shared {name} is not here")
    read, found = _read(path.read_bytes())
    assert len(read) == products
    assert sum(len(product.variants) for product in read) == variants
    assert sum(len(product.images) for product in read) == images
    codes = [problem.code for problem in found]
    assert {code: codes.count(code) for code in set(codes)} == problems
    assert all(problem.severity == "warning" for problem in found)


def test_a_product_over_several_rows() -> None:
    products, problems = _read(
        HEAD
        + "pot,Clay Pot,Size,S,A,1,9.99,https://x/1.jpg\n"
        + ",,,,,,,\n\n"
        + "pot,,,L,B,,15,https://x/2.jpg\n"
        + "pot,,,,,,,https://x/3.jpg\n"
        + "mug,Mug,Title,Default Title,,0,5.00,\n"
    )
    assert problems == []
    pot, mug = products
    assert (pot.options, [variant.options for variant in pot.variants]) == (("Size",), [("S",), ("L",)])
    assert [(variant.price_minor, variant.quantity, variant.line) for variant in pot.variants] == [
        (999, 1, 2),
        (1500, None, 5),
    ]
    assert [(image.src, image.position) for image in pot.images] == [
        ("https://x/1.jpg", 1),
        ("https://x/2.jpg", 2),
        ("https://x/3.jpg", 3),
    ]
    assert (mug.options, mug.variants[0].options, mug.variants[0].sku) == ((), (), None)


def test_lines_are_physical_lines() -> None:
    head = "Handle,Title,Body (HTML),Variant Price\n"
    _, problems = _read(head + 'a,A,"<p>\none\r\ntwo</p>",1\nb,B,,abc\n')
    assert _codes(problems) == [(5, "price_invalid")]
    assert problems[0].column == "Variant Price"
    assert "'abc'" in problems[0].message


def test_a_bad_row_is_left_out_and_the_rest_goes_in() -> None:
    products, problems = _read(
        HEAD
        + "a,A,Size,S,,1,abc,https://x/1.jpg\n"
        + "a,,,M,,-4,2,\n"
        + "a,,,m,,1,3,\n"
        + "a,,,L,,x,4,\n"
        + "a,,,XL,,1,,\n".replace(",1,,", ",1,-5,")
        + "a,,,XXL,Q,1,,\n"
        + "b,,Size,S,,1,2,\n"
        + "b,,,M,,1,2,\n"
        + "c,C,,,,1,2,,surplus\n"
        + "d,D,,,Z,1,2,\n"
        + ",E,,,,1,2,\n"
    )
    # A product is judged at its last row: by then a problem of a later line may have been told.
    assert sorted(_codes(problems)) == [
        (2, "price_invalid"),
        (3, "quantity_negative"),
        (4, "variant_repeated"),
        (5, "quantity_invalid"),
        (6, "price_invalid"),
        (7, "price_missing"),
        (8, "title_missing"),
        (10, "cells_too_many"),
        (12, "handle_missing"),
    ]
    assert [product.handle for product in products] == ["a", "d"]
    assert [(variant.options, variant.quantity) for variant in products[0].variants] == [
        (("M",), 0),
        (("L",), None),
    ]
    assert len(products[0].images) == 1


def test_a_handle_that_comes_back_is_a_repeat() -> None:
    products, problems = _read(HEAD + "a,A,Size,S,X,1,1,\nb,B,,,X,1,1,\na,,,M,Y,1,2,https://x/9.jpg\n")
    assert [(product.handle, product.repeat) for product in products] == [
        ("a", False),
        ("b", False),
        ("a", True),
    ]
    assert (products[2].options, products[2].variants[0].options, len(products[2].images)) == ((), ("M",), 1)
    assert _codes(problems) == [(3, "sku_repeated"), (4, "handle_repeated")]


def test_handles_are_normalised() -> None:
    products, problems = _read("Handle,Title\nÉtui Noir,A\nÉtui Noir,\nsearch,S\n")
    assert [product.handle for product in products] == ["etui-noir", "search-1"]
    assert _codes(problems) == [(2, "handle_changed"), (4, "handle_changed")]


def test_newer_headings_in_any_case() -> None:
    products, problems = _read(
        "TITLE,URL handle,Description,Product category,Published on online store,Status,SKU,Option1 name,"
        "Option1 value,Price,Compare-at price,Charge tax,Inventory tracker,Inventory quantity,"
        "Continue selling when out of stock,Weight value (grams),Requires shipping,Product image URL,"
        "Image position,Image alt text,Variant image URL,Gift card,SEO title,Color (metafield)\n"
        'Mug,mug,<p>x</p>,Kitchen,FALSE,Draft,M1,Size,S,"1,299.00",1500,no,shopify,7,TRUE,453.6,yes,'
        "https://x/1.jpg,2,Alt,https://x/v.jpg,FALSE,Seo,blue\n"
    )
    assert problems == []
    (mug,) = products
    assert (mug.handle, mug.product_type, mug.published, mug.status) == ("mug", "Kitchen", False, "draft")
    assert (mug.seo_title, mug.extra, mug.images[0].position) == ("Seo", {"Color (metafield)": "blue"}, 2)
    (variant,) = mug.variants
    assert (variant.price_minor, variant.compare_at_minor, variant.weight_grams) == (129900, 150000, 454)
    assert (variant.policy, variant.taxable, variant.quantity) == ("continue", False, 7)
    assert variant.extra == {"Variant Inventory Tracker": "shopify"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, ending: str) -> None:
    rows = ["Handle|Title|Variant Price|Tags", 'a|A|12.5|"x, y"', "b|B|x|"]
    products, problems = _read(ending.join(rows).replace("|", delimiter))
    assert [(product.handle, product.tags) for product in products] == [("a", ("x", "y")), ("b", ())]
    assert products[0].variants[0].price_minor == 1250
    assert _codes(problems) == [(3, "price_invalid")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    products, problems = _read("Handle,Title,Vendor\na,Café “Crème”,Žižka\nb,Naïve,\n".encode(encoding))
    assert [product.title for product in products] == ["Café “Crème”", "Naïve"]
    assert [problem.code for problem in problems] == (["encoding"] if encoding == "cp1252" else [])


def test_one_spoilt_line_does_not_spoil_the_file() -> None:
    early = "Handle,Title\na,Café\nc,Thé\n".encode() + b"b,Caf\xe9\n"
    products, problems = _read(early)
    assert [product.title for product in products] == ["Café", "Thé", "Café"]
    assert _codes(problems) == [(4, "encoding")]
    rows = b"".join(b"p%d,Caf\xc3\xa9 %s\n" % (n, b"x" * 100) for n in range(12_000))
    products, problems = _read(b"Handle,Title\n" + rows + b"z,Caf\xe9\xff\n")
    assert len(products) == 12_001
    assert products[-1].title == "Caféÿ"
    assert _codes(problems) == [(12_002, "encoding")]


def test_nul_bytes_are_left_out() -> None:
    products, problems = _read(b"Handle,Title\na,A\0B\n")
    assert products[0].title == "AB"
    assert _codes(problems) == [(2, "nul_byte")]


@pytest.mark.parametrize("rows_after", [3, 5000])
def test_an_unclosed_quote_costs_one_row(rows_after: int) -> None:
    head = "Handle,Title,Body (HTML),Variant Price\n"
    later = "".join(f"p{number},P,<p>x</p>,1\n" for number in range(rows_after))
    products, problems = _read(head + 'a,A,"fine",1\nb,B,"<p>never closed,1\n' + later)
    assert _codes(problems) == [(3, "quote_unclosed")]
    assert [product.handle for product in products] == ["a", *(f"p{number}" for number in range(rows_after))]
    assert [product.line for product in products[-2:]] == [rows_after + 2, rows_after + 3]


def test_a_field_without_end_is_refused() -> None:
    head = "Handle,Title,Body (HTML)\n"
    products, problems = _read(head + "a,A," + "x" * 1_100_000 + "\nb,B,y\n")
    assert _codes(problems) == [(2, "quote_unclosed")]
    assert [product.handle for product in products] == ["b"]
    products, problems = _read(head + 'a,A,"' + "x" * 1_000_000 + '"\n')
    assert problems == []
    assert len(products[0].body_html) == 1_000_000


@pytest.mark.parametrize("text", ["", "\n\n", "Sku,Price\nx,1\n", "Title\nA\n", "Handle\na\n", '"', "\0\0"])
def test_a_file_that_is_none_says_so_once(text: str) -> None:
    products, problems = _read(text)
    assert products == []
    assert [problem.code for problem in problems if problem.severity == "error"] == ["column_missing"]


def test_a_file_of_updates_needs_no_titles() -> None:
    products, problems = _read("Handle,Variant Price\na,5\n", title_required=False)
    assert problems == []
    assert (products[0].title, products[0].variants[0].price_minor) == ("", 500)


def test_an_unknown_currency_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(MoneyError):
        _read(HEAD, currency="XYZ")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,299.00", "USD", 129900),
        ("1299", "USD", 129900),
        ("12.5", "USD", 1250),
        ("12.", "USD", 1200),
        ("12,5", "USD", 1250),
        ("1.299,00", "EUR", 129900),
        ("1,234,567", "USD", 123456700),
        ("129000", "IDR", 12900000),
        ("1299.00", "JPY", 1299),
        ("1.500", "KWD", 1500),
        ("12.5000", "USD", 1250),
        ("", "USD", None),
        ("abc", "USD", None),
        ("-5", "USD", None),
        ("$5", "USD", None),
        ("150.000", "IDR", None),
        ("12.505", "USD", None),
        ("12.50", "JPY", None),
        ("1,29,9", "USD", None),
        ("9" * 30, "USD", None),
        ("١٢", "USD", None),
    ],
)
def test_prices(text: str, currency: str, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(ValueError, match=r"\w"):
            price(text, currency)
    else:
        assert price(text, currency) == minor


def test_other_cells() -> None:
    assert [whole_number(text) for text in ("12", "453.6", "-1", "-0.5", "x", "", "1e3")] == [
        *(12, 454, -1, -1),
        *(None, None, None),
    ]
    assert whole_number("9" * 12) == 2**31 - 1
    assert (barcode("'741360637481"), barcode("'a"), barcode("")) == ("741360637481", "'a", None)


@settings(max_examples=200)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"Handle,Title,Variant Price\n"]),
)
def test_no_bytes_make_it_raise(noise: bytes, start: bytes) -> None:
    _read(start + noise)


@given(st.lists(st.sampled_from(['"', ",", "\n", "a", "a,A,1\n", '""', "\r", ";", "'"]), max_size=60))
def test_no_quoting_makes_it_raise(pieces: list[str]) -> None:
    products, problems = _read("Handle,Title,Variant Price\n" + "".join(pieces) + "\nlast,Last,1\n" * 3)
    assert len({problem.line for problem in problems if problem.code == "quote_unclosed"}) <= 60
    assert any(product.handle == "last" for product in products)
