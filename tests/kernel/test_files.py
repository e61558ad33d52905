"""Stored files: written whole, read back, gone when deleted, and never outside their folder.

The same over a folder and over a server that speaks S3's protocol.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from pasar.kernel.config import SettingsError, load_settings
from pasar.kernel.config.stores import S3Settings
from pasar.kernel.files import (
    FileMissing,
    Files,
    FilesAway,
    StoredFiles,
    content_key,
    local_files,
    s3_files,
)
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, files_for, observed
from support.processes import free_port

DIGEST = "3f" * 32
CDN = "https://cdn.example/"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Where a server that speaks S3 answers."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str) -> S3Settings:
    """An empty bucket there."""
    settings = S3Settings(f"pasar-{secrets.token_hex(6)}", "us-east-1", s3, "a-key-id", "a-secret")
    httpx.put(f"{s3}/{settings.bucket}").raise_for_status()
    return settings


@pytest.fixture(params=["folder", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> StoredFiles:
    if request.param == "folder":
        return local_files(tmp_path / "files", cdn_base_url=CDN)
    return s3_files(request.getfixturevalue("bucket"), cdn_base_url=CDN)


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


async def test_what_is_put_again_is_replaced_whole(files: Files) -> None:
    await files.put("media/one", b"long" * 1000)
    await files.put("media/one", b"short")

    assert await files.get("media/one") == b"short"


async def test_readers_meet_all_of_a_file_or_none(files: Files) -> None:
    """While a stream is written, readers have what was there before, to the end."""
    half, go_on = asyncio.Event(), asyncio.Event()
    big = b"n" * (6 * 1024 * 1024)

    async def slow() -> AsyncIterator[bytes]:
        yield big
        half.set()
        await go_on.wait()
        yield big

    await files.put("imports/one.csv", b"old")
    writing = asyncio.create_task(files.put("imports/one.csv", slow()))
    await half.wait()
    assert await files.get("imports/one.csv") == b"old"
    go_on.set()
    await writing
    assert len(await files.get("imports/one.csv")) == 2 * len(big)


async def test_a_large_file_comes_back_the_same(files: Files) -> None:
    """Larger than S3 takes in one part of five megabytes."""
    part = secrets.token_bytes(1024 * 1024)
    await files.put("archive/large.bin", pieces(*[part] * 13))
    digest, size = hashlib.sha256(), 0
    async for piece in files.stream("archive/large.bin"):
        digest.update(piece)
        size += len(piece)

    assert size == 13 * len(part)
    assert digest.digest() == hashlib.sha256(part * 13).digest()


async def test_an_empty_file_is_a_file(files: Files) -> None:
    await files.put("media/empty", b"")

    assert await files.exists("media/empty")
    assert await files.get("media/empty") == b""


async def test_a_store_that_is_there_says_so(files: Files) -> None:
    assert await files.away() is None


# S3 alone


async def test_a_broken_upload_in_parts_leaves_nothing(bucket: S3Settings) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"x" * (1024 * 1024)
        raise ConnectionResetError("the client went away")

    files = s3_files(bucket)
    with pytest.raises(ConnectionResetError):
        await files.put("imports/two.csv", breaking())

    assert not await files.exists("imports/two.csv")


async def test_a_store_that_is_away_is_said_to_be(bucket: S3Settings) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    files = s3_files(replace(bucket, endpoint=endpoint))

    told = await files.away()

    assert told is not None
    assert endpoint in told
    assert "a-secret" not in told


async def test_a_bucket_that_is_not_there(bucket: S3Settings) -> None:
    files = s3_files(replace(bucket, bucket="nobodys-bucket"))

    with pytest.raises(FilesAway):
        await files.put("media/one", b"x")
    assert "nobodys-bucket" in str(await files.away())


async def test_plain_http_is_spoken_only_where_the_endpoint_says_so() -> None:
    """Without an endpoint, and with one of https, nothing leaves in the clear."""
    for endpoint in (None, "https://127.0.0.1:9"):
        files = s3_files(S3Settings("bucket-one", endpoint=endpoint, key_id="k", secret="s"))
        options = files._store.client_options  # type: ignore[union-attr]  # of S3Store
        assert options is not None
        assert str(options["allow_http"]).lower() == "false"


async def test_pictures_come_out_of_the_bucket(runtime: Runtime, bucket: S3Settings) -> None:
    files = files_for(replace(runtime.settings, s3=bucket))
    await files.put(content_key("media", DIGEST, "-480.webp"), b"a picture")
    own = replace(runtime, files=files)
    transport = httpx.ASGITransport(app=observed(own, assemble(own)))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(f"/media/{DIGEST}-480.webp")

    assert (answer.status_code, answer.content) == (200, b"a picture")


async def test_pictures_while_the_bucket_is_away(
    runtime: Runtime, bucket: S3Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pasar.kernel.files._RETRY_TIME", timedelta(milliseconds=200))
    away = replace(bucket, endpoint=f"http://127.0.0.1:{free_port()}")
    own = replace(runtime, files=s3_files(away))
    transport = httpx.ASGITransport(app=observed(own, assemble(own)))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(f"/media/{DIGEST}-480.webp")

    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert "127.0.0.1" not in answer.text


# Settings

SECRET = {"JWT_SECRET": "x" * 40}
KEYS = {"AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-s3cret"}


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({}, None),
        (KEYS, None),
        ({"S3_BUCKET": "my-shop"}, "my-shop at S3 in us-east-1"),
        ({"AWS_S3_BUCKET": "my-shop", "AWS_REGION": "ap-southeast-3"}, "my-shop at S3 in ap-southeast-3"),
        ({"S3_BUCKET": "my-shop", "AWS_S3_BUCKET": "my-shop"}, "my-shop at S3 in us-east-1"),
        ({"S3_BUCKET": "shop", "AWS_ENDPOINT_URL": "http://minio:9000/"}, "shop at http://minio:9000"),
    ],
)
def test_which_bucket(tmp_path: Path, said: dict[str, str], place: str | None) -> None:
    found = load_settings({"PASAR_HOME": str(tmp_path), **SECRET, **KEYS, **said}).s3

    assert (found.place if found else None) == place
    assert "a-s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"S3_BUCKET": "one", "AWS_S3_BUCKET": "two"}, "two buckets"),
        ({"S3_BUCKET": "No Bucket"}, "S3_BUCKET=No Bucket"),
        ({"AWS_S3_BUCKET": "../up"}, "AWS_S3_BUCKET=../up"),
        ({"S3_BUCKET": "one", "AWS_SECRET_ACCESS_KEY": ""}, "give both"),
        ({"S3_BUCKET": "one", "AWS_ENDPOINT_URL": "minio:9000"}, "AWS_ENDPOINT_URL=minio:9000"),
    ],
)
def test_buckets_that_are_refused(tmp_path: Path, said: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told) as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), **SECRET, **KEYS, **said})

    assert len(refusal.value.problems) == 1
