"""What leaves is a proper message, and nobody writes headers into it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.notifications.mails import HEADERS, a_mail
from pasar.delivery.notifications.headers import UnsafeHeader, safe_address
from pasar.delivery.notifications.mime import mime_of

BREAKS = ("\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\t")


def test_two_parts_the_text_first() -> None:
    mail = a_mail()
    read = message_from_bytes(mime_of(mail).as_bytes(), policy=policy.default)

    assert read.get_content_type() == "multipart/alternative"
    assert isinstance(read, EmailMessage)
    parts = list(read.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert parts[0].get_content().replace("\r\n", "\n") == mail.text
    assert "Terima kasih – ☕" in parts[1].get_content()
    assert read["Subject"] == mail.subject
    assert read["From"].addresses[0].display_name == mail.sender_name
    assert read["From"].addresses[0].addr_spec == mail.sender
    assert read["Message-ID"] == f"<{mail.id}@example.com>"
    assert read["Date"].datetime == mail.at
    assert read["List-Unsubscribe"] is None
    assert mime_of(mail).as_bytes().isascii()


def test_marketing_can_be_ended_with_one_click() -> None:
    read = mime_of(a_mail(unsubscribe_url="https://shop.example.com/u/1"))

    assert read["List-Unsubscribe"] == "<https://shop.example.com/u/1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_no_header_can_be_written_into(header: str, line_break: str) -> None:
    honest = getattr(a_mail(), header) or "https://shop.example.com/u/1"

    with pytest.raises(UnsafeHeader) as refused:
        mime_of(a_mail(**{header: f"{honest}{line_break}Bcc: eve@example.com"}))

    assert "eve" not in str(refused.value)


@given(st.text(max_size=40))
def test_whatever_a_name_is_it_is_refused_or_one_name(name: str) -> None:
    try:
        message = mime_of(a_mail(sender_name=name, subject=name))
    except UnsafeHeader:
        return
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(message.keys())
    assert [one.addr_spec for one in read["From"].addresses] == ["shop@example.com"]


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.com,eve@example.com",
        "ann@example.com eve@example.com",
        "Ann <ann@example.com>",
        "<ann@example.com>",
        '"ann,eve"@example.com',
        "ann@eve@example.com",
        "ann",
        "@example.com",
        "ann@",
        "",
        "a" * 250 + "@example.com",
    ],
)
def test_one_bare_address_and_nothing_else(address: str) -> None:
    with pytest.raises(UnsafeHeader):
        safe_address("To", address)
