"""Which device is that? A browser and a system, as a person would call them, from what it says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# The first that fits: nearly all of them claim to be several others, the truest name comes first here.
BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\bOPR/|\bOpera\b")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|Chromium|CriOS|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bVersion/[\d.]+ .*\bSafari/")),
)
SYSTEMS: Final = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("macOS", re.compile(r"\bMacintosh\b|\bMac OS X\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
# `curl/8.5.0`, `okhttp/4.12`: programs name themselves first. Every browser begins with Mozilla.
PROGRAM: Final = re.compile(r"(?!Mozilla\b)([A-Za-z][\w.-]{1,29})(?=[/ ]|$)")


@dataclass(frozen=True, slots=True)
class DeviceWords:
    """What a device is called: `browser` or program, and `system`; each empty where it cannot be told."""

    browser: str
    system: str


def device_words(agent: str) -> DeviceWords:
    """What the `User-Agent` says, without versions: these change from week to week, the device does not."""
    browser = next((name for name, pattern in BROWSERS if pattern.search(agent)), "")
    if not browser and (program := PROGRAM.match(agent)):
        browser = program[1]
    return DeviceWords(browser, next((name for name, pattern in SYSTEMS if pattern.search(agent)), ""))
