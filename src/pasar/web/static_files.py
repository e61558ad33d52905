"""Which bytes lie behind ``/static/<name>.<hash8>.<ext>``?

All of our own styles and scripts are read into memory once, named by their content, and kept gzipped
beside the plain bytes: an address never changes its content, so browsers may keep it for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC_ROOT = Path(__file__).parent / "static"
CACHE_CONTROL = "public, max-age=31536000, immutable"

CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}

# One request per page: each sheet is served with the base in front of it.
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "shop.css": ("css/base.css", "css/forms.css", "css/shop.css"),
    "admin.css": ("css/base.css", "css/forms.css", "css/admin.css"),
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as served: ``address`` is its path, ``etag`` is quoted, ``gzipped`` is smaller or None."""

    address: str
    body: bytes
    gzipped: bytes | None
    content_type: str
    etag: str


def slim_css(text: str) -> str:
    """``text`` without comments, indentation and empty lines: what a phone need not download."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in text.splitlines())
    joined = "\n".join(line for line in lines if line)
    return re.sub(r"\s*\n?([{};])\n?", r"\1", joined) + "\n"


def static_file(name: str) -> tuple[bytes, str, str] | None:
    """Body, content type and quoted ETag of the file served as ``name`` (with its hash), or None."""
    found = served(name)
    return (found.body, found.content_type, found.etag) if found else None


def gzipped_static_file(name: str) -> bytes | None:
    """The gzip variant of ``name`` for clients that accept it; None where it would not be smaller."""
    found = served(name)
    return found.gzipped if found else None


def served(name: str) -> StaticFile | None:
    """The file served as ``name``, such as ``shop.1a2b3c4d.css``."""
    return _by_served_name().get(name)


def asset(name: str) -> str:
    """The address of ``name`` (``shop.css``, ``search.js``). Raises ``KeyError`` for an unknown file."""
    return _by_plain_name()[name].address


@cache
def _by_plain_name() -> Mapping[str, StaticFile]:
    """Every bundle, script and image, by its name without the hash."""
    files = {name: _make(name, _bundle(parts)) for name, parts in BUNDLES.items()}
    for path in sorted(STATIC_ROOT.rglob("*")):
        if path.is_file() and path.suffix in CONTENT_TYPES and path.suffix != ".css":
            files[path.name] = _make(path.name, path.read_bytes())
    return files


@cache
def _by_served_name() -> Mapping[str, StaticFile]:
    return {file.address.rpartition("/")[2]: file for file in _by_plain_name().values()}


def _bundle(parts: tuple[str, ...]) -> bytes:
    return slim_css("\n".join((STATIC_ROOT / part).read_text("utf-8") for part in parts)).encode()


def _make(name: str, body: bytes) -> StaticFile:
    digest = hashlib.sha256(body).hexdigest()
    stem, dot, extension = name.rpartition(".")
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    return StaticFile(
        address=f"/static/{stem}.{digest[:8]}{dot}{extension}",
        body=body,
        gzipped=packed if len(packed) < len(body) else None,
        content_type=CONTENT_TYPES[dot + extension],
        etag=f'"{digest[:32]}"',
    )
