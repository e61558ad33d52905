"""What a device is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.people.sign_in.device_words import device_words

MOZILLA = "Mozilla/5.0 "
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (
            MOZILLA + "(Windows NT 10.0; Win64; x64) " + WEBKIT + "Chrome/142.0 Safari/537.36",
            "Chrome",
            "Windows",
        ),
        (
            MOZILLA + "(Windows NT 10.0; Win64; x64) " + WEBKIT + "Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge",
            "Windows",
        ),
        (MOZILLA + "(X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Linux"),
        (
            MOZILLA + "(Macintosh; Intel Mac OS X 14_1) " + WEBKIT + "Version/17.1 Safari/605.1.15",
            "Safari",
            "macOS",
        ),
        (
            MOZILLA
            + "(iPhone; CPU iPhone OS 17_1 like Mac OS X) "
            + WEBKIT
            + "Version/17.1 Mobile/1 Safari/604.1",
            "Safari",
            "iPhone",
        ),
        (
            MOZILLA
            + "(iPad; CPU OS 17_1 like Mac OS X) "
            + WEBKIT
            + "CriOS/119.0 Mobile/15E148 Safari/604.1",
            "Chrome",
            "iPad",
        ),
        (
            MOZILLA
            + "(Linux; Android 14; SM-S911B) "
            + WEBKIT
            + "SamsungBrowser/23.0 Chrome/115 Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        (
            MOZILLA + "(Linux; Android 14; Pixel 8) " + WEBKIT + "Chrome/142 Mobile Safari/537.36",
            "Chrome",
            "Android",
        ),
        (MOZILLA + "(X11; CrOS x86_64 15633) " + WEBKIT + "Chrome/142.0 Safari/537.36", "Chrome", "ChromeOS"),
        (
            MOZILLA + "(X11; Linux x86_64) " + WEBKIT + "Chrome/142.0 Safari/537.36 OPR/105.0",
            "Opera",
            "Linux",
        ),
        ("curl/8.5.0", "curl", ""),
        ("okhttp/4.12.0", "okhttp", ""),
        ("python-httpx/0.28.1", "python-httpx", ""),
        ("Mozilla/5.0", "", ""),
        ("", "", ""),
        ("<script>alert(1)</script>", "", ""),
        ("../../etc/passwd", "", ""),
    ],
)
def test_devices_have_names(agent: str, browser: str, system: str) -> None:
    words = device_words(agent)
    assert (words.browser, words.system) == (browser, system)


@given(st.text(max_size=300))
def test_whatever_is_sent_the_words_are_short_and_tame(agent: str) -> None:
    words = device_words(agent)
    assert len(words.browser) <= 30
    assert len(words.system) <= 30
    assert not set(words.browser + words.system) & set("<>&\"'\n\r\0")


def test_an_update_of_the_browser_is_the_same_device() -> None:
    agents = [MOZILLA + f"(X11; Linux x86_64) Gecko/20100101 Firefox/{version}.0" for version in (144, 145)]
    assert device_words(agents[0]) == device_words(agents[1])
