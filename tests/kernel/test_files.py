"""Stored files: written whole, read back, gone when deleted, and never outside their folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pasar.kernel.files import FileMissing, Files, StoredFiles, content_key, local_files

DIGEST = "3f" * 32


@pytest.fixture
def files(tmp_path: Path) -> StoredFiles:
    return local_files(tmp_path / "files", cdn_base_url="https://cdn.example/")


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_is_put_comes_back_whole_and_in_pieces(files: Files) -> None:
    key = content_key("media", DIGEST, "-480.webp")
    assert key == f"media/3f/{DIGEST}-480.webp"
    await files.put(key, b"a picture")
    assert await files.get(key) == b"a picture"
    assert b"".join([piece async for piece in files.stream(key)]) == b"a picture"
    assert await files.exists(key)


async def test_a_stream_is_put_without_holding_it(files: Files) -> None:
    part = b"0123456789abcdef" * 65_536
    await files.put("imports/one.csv", pieces(part, part, b"end"))
    read = [piece async for piece in files.stream("imports/one.csv")]
    assert b"".join(read) == part + part + b"end"
    assert len(read) > 1, "a long file is read in pieces"


async def test_a_stream_that_breaks_leaves_nothing(files: Files) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("the client went away")

    with pytest.raises(ConnectionResetError):
        await files.put("imports/two.csv", breaking())
    assert not await files.exists("imports/two.csv")


async def test_a_missing_file_is_named_and_deleting_it_is_no_error(files: Files) -> None:
    with pytest.raises(FileMissing, match="media/none"):
        await files.get("media/none")
    with pytest.raises(FileMissing):
        async for _ in files.stream("media/none"):
            pass
    assert not await files.exists("media/none")
    await files.delete("media/none")
    await files.put("media/some", b"x")
    await files.delete("media/some")
    assert not await files.exists("media/some")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "A.jpg", "a\x00b", "a" * 600]
)
async def test_a_key_never_leads_out_of_the_folder(files: Files, key: str) -> None:
    for attempt in (files.put(key, b"x"), files.get(key), files.exists(key), files.delete(key)):
        with pytest.raises(ValueError, match="not a key"):
            await attempt


def test_public_addresses_go_through_the_cdn_when_there_is_one(files: Files, tmp_path: Path) -> None:
    assert files.public_address("/media/x.webp") == "https://cdn.example/media/x.webp"
    assert local_files(tmp_path / "plain").public_address("/media/x.webp") == "/media/x.webp"
