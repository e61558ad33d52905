"""Where bytes are kept that do not belong into the database: pictures, uploads.

`Files` is the port. Keys are paths without a leading slash, such as `media/3f/3f…-480.webp`; what is kept
under a key made from its content never changes, so it may be cached for ever.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from pasar.kernel.config.stores import S3Settings
from pasar.kernel.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config  # types that are not there at run time

__all__ = ["FileMissing", "Files", "FilesAway", "StoredFiles", "content_key", "local_files", "s3_files"]

log = structlog.get_logger(__name__)

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")
_LONGEST_KEY: Final = 512
_CHUNK: Final = 256 * 1024
_CONNECT_TIME: Final = timedelta(seconds=3)
_ANSWER_TIME: Final = timedelta(seconds=30)
_RETRY_TIME: Final = timedelta(seconds=10)  # of a call, all its tries together
_LOOK_SECONDS: Final = 1.0
_NO_FOLDER: Final = "doctor"  # listing it asks for the bucket: a file's absence looks like the bucket's


class FileMissing(Exception):
    """Nothing is kept under this key."""


class FilesAway(Unavailable):
    """Where files are kept does not answer, or does not let us in."""

    def __init__(self) -> None:
        super().__init__(
            "files_unavailable",
            "Stored files cannot be reached for the moment. Try again in a few seconds.",
            headers={"Retry-After": "5"},
        )


class Files(Protocol):
    """Keeps bytes under keys. Writing is atomic: a reader meets all of a file or none of it.

    Every method raises ValueError for a key that is not made of `[a-z0-9._-]` segments, and `FilesAway`.
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

    async def away(self) -> str | None:
        """Why files cannot be reached, for operators; None when they can."""


def content_key(folder: str, digest: str, ending: str) -> str:
    """The key of content named by its hexadecimal `digest`: `media/3f/3f…-480.webp` for ending `-480.webp`.

    Two digits of the digest make a folder, so that no folder of a file system grows without bound.
    """
    return f"{folder}/{digest[:2]}/{digest}{ending}"


class StoredFiles:
    """`Files` over any object store that obstore knows."""

    def __init__(self, store: ObjectStore, *, place: str, cdn_base_url: str = "") -> None:
        """`place` is how people name the store."""
        self._store = store
        self._place = place
        self._cdn = cdn_base_url.rstrip("/")

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:
        """Keep `content` under `key`, replacing what was there. A stream that raises leaves nothing."""
        with self._reached():
            await obstore.put_async(self._store, _checked(key), content)

    async def get(self, key: str) -> bytes:
        """The bytes under `key`. Raises `FileMissing`."""
        with self._reached():
            try:
                found = await obstore.get_async(self._store, _checked(key))
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                raise FileMissing(key) from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The bytes under `key` in pieces of about 256 KiB. Raises `FileMissing` at the first step."""
        with self._reached():
            try:
                found = await obstore.get_async(self._store, _checked(key))
            except FileNotFoundError:
                raise FileMissing(key) from None
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    async def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        with self._reached():
            try:
                await obstore.head_async(self._store, _checked(key))
            except FileNotFoundError:
                return False
            return True

    async def delete(self, key: str) -> None:
        """Forget what is under `key`; nothing happens when there is nothing."""
        with self._reached():
            try:
                await obstore.delete_async(self._store, _checked(key))
            except FileNotFoundError:  # a local folder says so, an object store does not
                return

    def public_address(self, path: str) -> str:
        """The address that the world uses for our `path` (`/media/…`): a CDN's, when there is one."""
        return f"{self._cdn}{path}"

    async def away(self) -> str | None:
        """Why files cannot be reached, for operators; None when they can. Takes a second at most."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                with self._reached():
                    await obstore.list_with_delimiter_async(self._store, _NO_FOLDER)
        except TimeoutError:
            return f"{self._place} does not answer"
        except FilesAway as problem:
            return f"{self._place} cannot be reached ({type(problem.__cause__).__name__})"
        return None

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn the store's failures into `FilesAway`. Their texts name hosts: for the log alone."""
        try:
            yield
        except (BaseError, FileNotFoundError, PermissionError) as problem:
            # What is not found here is no file, which the methods tell themselves: it is the bucket.
            log.warning("files.unavailable", place=self._place, reason=str(problem)[:300])
            raise FilesAway from problem


def local_files(folder: Path, *, cdn_base_url: str = "") -> StoredFiles:
    """Files in a folder of this machine, made when it is missing."""
    return StoredFiles(LocalStore(folder, mkdir=True), place=str(folder), cdn_base_url=cdn_base_url)


def s3_files(settings: S3Settings, *, cdn_base_url: str = "") -> StoredFiles:
    """Files in a bucket of S3, or of a store that speaks its protocol.

    TLS is demanded unless the endpoint itself says http.
    """
    endpoint = settings.endpoint
    config: S3Config = {
        "region": settings.region,
        # An endpoint of one's own seldom has a name for each bucket.
        "virtual_hosted_style_request": endpoint is None,
    }
    if endpoint is not None:
        config["endpoint"] = endpoint
    if settings.key_id is not None and settings.secret is not None:
        config["access_key_id"] = settings.key_id
        config["secret_access_key"] = settings.secret
    client: ClientConfig = {
        "allow_http": endpoint is not None and endpoint.startswith("http://"),
        "connect_timeout": _CONNECT_TIME,
        "timeout": _ANSWER_TIME,
    }
    store = S3Store(
        settings.bucket,
        config=config,
        client_options=client,
        retry_config={"max_retries": 3, "retry_timeout": _RETRY_TIME},
    )
    return StoredFiles(store, place=settings.place, cdn_base_url=cdn_base_url)


def _checked(key: str) -> str:
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key of a file: {key!r}")
    return key
