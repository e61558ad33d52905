"""Is this a table of text, or something else under its name? Judged by its first bytes alone."""

from __future__ import annotations

import codecs
from typing import Final

LOOKED_AT: Final = 512
"""Bytes that tell."""

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"PK\x05\x06", "an archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\xfd7zXZ\x00", "an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive"),
    (b"Rar!\x1a\x07", "an archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php")


def other_than_a_table(first: bytes) -> str | None:
    """What the file is, when its first bytes (`LOOKED_AT` of them) say that it is no CSV; else None."""
    for beginning, name in _BEGINNINGS:
        if first.startswith(beginning):
            return name
    text = first.removeprefix(codecs.BOM_UTF8).lstrip()
    return "a web page" if text[:16].lower().startswith(_MARKUP) else None
