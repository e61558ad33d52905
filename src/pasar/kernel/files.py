"""Where bytes are kept that do not belong into the database: pictures, uploads.

`Files` is the port. Keys are paths without a leading slash, such as `media/3f/3f…-480.webp`; what is kept
under a key made from its content never changes, so it may be cached for ever.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Protocol

import obstore
from obstore.store import LocalStore, ObjectStore

__all__ = ["FileMissing", "Files", "StoredFiles", "content_key", "local_files"]

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")
_LONGEST_KEY: Final = 512
_CHUNK: Final = 256 * 1024


class FileMissing(Exception):
    """Nothing is kept under this key."""


class Files(Protocol):
    """Keeps bytes under keys. Writing is atomic: a reader meets all of a file or none of it.

    Every method raises ValueError for a key that is not made of `[a-z0-9._-]` segments.
    """

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:
        """Keep `content` under `key`, replacing what was there. A stream that raises leaves nothing."""

    async def get(self, key: str) -> bytes:
        """The bytes under `key`. Raises `FileMissing`."""

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The bytes under `key` in pieces of about 256 KiB. Raises `FileMissing` at the first step."""

    async def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""

    async def delete(self, key: str) -> None:
        """Forget what is under `key`; nothing happens when there is nothing."""

    def public_address(self, path: str) -> str:
        """The address that the world uses for our `path` (`/media/…`): a CDN's, when there is one."""


def content_key(folder: str, digest: str, ending: str) -> str:
    """The key of content named by its hexadecimal `digest`: `media/3f/3f…-480.webp` for ending `-480.webp`.

    Two digits of the digest make a folder, so that no folder of a file system grows without bound.
    """
    return f"{folder}/{digest[:2]}/{digest}{ending}"


class StoredFiles:
    """`Files` over any object store that obstore knows."""

    def __init__(self, store: ObjectStore, *, cdn_base_url: str = "") -> None:
        self._store = store
        self._cdn = cdn_base_url.rstrip("/")

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:
        """Keep `content` under `key`, replacing what was there. A stream that raises leaves nothing."""
        await obstore.put_async(self._store, _checked(key), content)

    async def get(self, key: str) -> bytes:
        """The bytes under `key`. Raises `FileMissing`."""
        try:
            found = await obstore.get_async(self._store, _checked(key))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise FileMissing(key) from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The bytes under `key` in pieces of about 256 KiB. Raises `FileMissing` at the first step."""
        try:
            found = await obstore.get_async(self._store, _checked(key))
        except FileNotFoundError:
            raise FileMissing(key) from None
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    async def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        try:
            await obstore.head_async(self._store, _checked(key))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Forget what is under `key`; nothing happens when there is nothing."""
        try:
            await obstore.delete_async(self._store, _checked(key))
        except FileNotFoundError:  # a local folder says so, an object store does not
            return

    def public_address(self, path: str) -> str:
        """The address that the world uses for our `path` (`/media/…`): a CDN's, when there is one."""
        return f"{self._cdn}{path}"


def local_files(folder: Path, *, cdn_base_url: str = "") -> StoredFiles:
    """Files in a folder of this machine, made when it is missing."""
    return StoredFiles(LocalStore(folder, mkdir=True), cdn_base_url=cdn_base_url)


def _checked(key: str) -> str:
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key of a file: {key!r}")
    return key
