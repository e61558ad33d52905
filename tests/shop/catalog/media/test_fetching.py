"""Pictures by address, from a real server on this machine: fetched, refused, tried again, given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.drafts import PictureDraft, ProductDraft
from pasar.shop.catalog.media.fetching import FetchFailed, fetch_picture
from pasar.shop.catalog.media.limits import MOST_BYTES, PictureRefused
from pasar.shop.catalog.media.network import Address, HostUnknown, PublicNetwork
from pasar.shop.catalog.media.waiting import MOST_ATTEMPTS, ask_for_pictures, fetch_waiting, sweep_waiting
from pasar.shop.catalog.public import upsert_products
from support.pictures import picture_bytes
from support.shops import Shop

LOOPBACK = ip_address("127.0.0.1")
PICTURE = picture_bytes(size=(320, 200))


@dataclass
class HereOnly(PublicNetwork):
    """Names of tests lead to this machine, which is let through; `names` may lead elsewhere."""

    names: dict[str, str] = field(default_factory=dict)
    looks: int = 0

    async def addresses_of(self, host: str, port: int) -> Sequence[Address]:
        self.looks += 1
        if host == "nowhere.test":
            raise HostUnknown("nowhere.test has no address.")
        return [ip_address(self.names.get(host, "127.0.0.1"))]

    def allows(self, address: Address) -> bool:
        return address == LOOPBACK or super().allows(address)


@dataclass
class Server:
    """A small HTTP server: answers by path, and remembers what it was asked."""

    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str, host: str = "pictures.test") -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            self.asked.append((path, host))
            if path == "/slow":
                await asyncio.sleep(5)
            writer.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"))
            if path == "/endless":
                for _ in range(300):
                    writer.write(b"\x89" * 65_536)
                    await writer.drain()
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def ok(body: bytes, kind: str = "image/png") -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def status(number: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {number} Said", "content-length: 0", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    server.answers = {
        "/good": ok(PICTURE),
        "/text": ok(b"<html>", "image/png"),
        "/large": ok(b"")[:-2].replace(b"length: 0", b"length: 99999999") + b"\r\n",
        "/endless": b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n",
        "/busy": status(503),
        "/gone": status(410),
        "/hop": status(302, "location: /good"),
        "/hop3": status(302, "location: /hop2"),
        "/hop2": status(301, "location: /hop"),
        "/loop": status(302, "location: /loop"),
        "/inside": status(302, f"location: http://inside.test:{server.port}/good"),
        "/metadata": status(302, "location: http://169.254.169.254/latest/meta-data"),
        "/file": status(302, "location: file:///etc/passwd"),
    }
    async with listening:
        yield server


async def test_a_picture_comes_from_the_judged_address_under_its_own_host_name() -> None:
    network = HereOnly()
    async with running() as server:
        assert await fetch_picture(server.url("/good"), network) == PICTURE
        assert server.asked == [("/good", f"pictures.test:{server.port}")]
    assert network.looks == 1, "the name is looked up once: what was judged is what is called"


async def test_redirects_are_followed_three_times_and_each_is_judged() -> None:
    network = HereOnly({"inside.test": "10.0.0.7"})
    async with running() as server:
        assert await fetch_picture(server.url("/hop3"), network) == PICTURE
        assert network.looks == 4
        for path, code in (
            ("/loop", "too_many_redirects"),
            ("/inside", "address_private"),
            ("/metadata", "address_private"),
            ("/file", "address_malformed"),
        ):
            with pytest.raises(PictureRefused) as refused:
                await fetch_picture(
                    server.url(path),
                    HereOnly({"inside.test": "10.0.0.7", "169.254.169.254": "169.254.169.254"}),
                )
            assert refused.value.code == code, path


@pytest.mark.parametrize(
    "url",
    [
        "ftp://pictures.test/x",
        "http:///x",
        "//x",
        "http://user:secret@pictures.test/x",
        "http://[::1",
        "http://x/" + "a" * 3000,
    ],
)
async def test_what_is_no_address_of_a_picture_is_refused(url: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        await fetch_picture(url, HereOnly())
    assert refused.value.code == "address_malformed"


async def test_production_refuses_this_machine() -> None:
    async with running() as server:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(PictureRefused) as refused:
                await fetch_picture(server.url("/good", host), PublicNetwork())
            assert refused.value.code == "address_private"
        assert server.asked == []


async def test_a_host_with_one_private_address_is_refused_whole() -> None:
    class Both(HereOnly):
        async def addresses_of(self, host: str, port: int) -> Sequence[Address]:
            return [LOOPBACK, ip_address("192.168.0.4")]

    async with running() as server:
        with pytest.raises(PictureRefused):
            await fetch_picture(server.url("/good"), Both())
        assert server.asked == []


async def test_limits_hold_whatever_the_server_says() -> None:
    async with running() as server:
        for path in ("/large", "/endless"):
            with pytest.raises(PictureRefused) as refused:
                await fetch_picture(server.url(path), HereOnly())
            assert refused.value.code == "picture_too_large"
        with pytest.raises(FetchFailed, match=r"within 0\.3 seconds"):
            await fetch_picture(server.url("/slow"), HereOnly(), seconds=0.3)
        with pytest.raises(FetchFailed, match="503"):
            await fetch_picture(server.url("/busy"), HereOnly())
        with pytest.raises(PictureRefused, match="410"):
            await fetch_picture(server.url("/gone"), HereOnly())
    with pytest.raises(FetchFailed, match="no address"):
        await fetch_picture("http://nowhere.test/x", HereOnly())
    with pytest.raises(FetchFailed):  # the server is gone by now
        await fetch_picture(server.url("/good"), HereOnly())
    assert MOST_BYTES == 10 * 1024 * 1024


async def product_with(runtime: Runtime, shop: Shop, *urls: str) -> UUID:
    draft = ProductDraft(
        f"cup-{new_id().hex}", "Cup", pictures=tuple(PictureDraft(source_url=url) for url in urls)
    )
    async with runtime.database.transaction() as session:
        (outcome,) = await upsert_products(
            session, shop.company_id, [draft], author="test", currency="USD", at=runtime.clock.now()
        )
    assert outcome.product_id
    return outcome.product_id


async def media(runtime: Runtime, shop: Shop, product_id: UUID) -> list[tuple[Any, ...]]:
    rows = await runtime.database.rows(
        "SELECT status, problem, attempts, picture_id FROM product_media"
        " WHERE company_id = $1 AND product_id = $2 ORDER BY position",
        shop.company_id,
        product_id,
    )
    return [tuple(row) for row in rows]


async def jobs_of(runtime: Runtime, product_id: UUID) -> int:
    return int(
        await runtime.database.value(
            "SELECT count(*) FROM pgqueuer WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'",
            str(product_id),
        )
    )


async def test_the_job_stores_what_comes_and_gives_up_on_what_never_will(
    runtime: Runtime, shop: Shop
) -> None:
    async with running() as server:
        product_id = await product_with(
            runtime, shop, *(server.url(path) for path in ("/good", "/hop", "/text", "/gone", "/busy"))
        )
        payload = {"companyId": str(shop.company_id), "productIds": [str(product_id)]}
        revision = "SELECT revision FROM products WHERE company_id = $1 AND id = $2"
        before = await runtime.database.value(revision, shop.company_id, product_id)
        await fetch_waiting(runtime, payload, network=HereOnly())
        good, hop, text, gone, busy = await media(runtime, shop, product_id)
        assert (good[0], hop[0], text[0], gone[0]) == ("ready", "ready", "failed", "failed")
        assert good[3] == hop[3], "the same content is one picture"
        assert "no picture" in text[1]
        assert "410" in gone[1]
        assert busy[:3] == ("waiting", "The other server answered 503.", 1)
        assert await runtime.database.value(revision, shop.company_id, product_id) > before

        server.answers["/busy"] = ok(PICTURE)
        await fetch_waiting(runtime, payload, network=HereOnly())
        assert (await media(runtime, shop, product_id))[4][0] == "ready"
        asked = len(server.asked)
        await fetch_waiting(runtime, payload, network=HereOnly())
        assert len(server.asked) == asked, "running the job again asks for nothing"


async def test_a_server_that_stays_away_is_given_up_after_four_tries(runtime: Runtime, shop: Shop) -> None:
    product_id = await product_with(runtime, shop, "http://nowhere.test/cup.png")
    payload = {"companyId": str(shop.company_id), "productIds": [str(product_id)]}
    for attempt in range(1, MOST_ATTEMPTS + 1):
        await fetch_waiting(runtime, payload, network=HereOnly())
        ((state, problem, attempts, _),) = await media(runtime, shop, product_id)
        assert (attempts, problem) == (attempt, "nowhere.test has no address.")
        assert state == ("failed" if attempt == MOST_ATTEMPTS else "waiting")
        assert await jobs_of(runtime, product_id) == min(attempt, MOST_ATTEMPTS - 1), (
            "one delayed job for each retry"
        )


async def test_many_products_spread_into_a_job_each_and_only_once(runtime: Runtime, shop: Shop) -> None:
    products = [await product_with(runtime, shop, f"http://nowhere.test/{n}.png") for n in range(3)]
    async with runtime.database.transaction() as session:
        await ask_for_pictures(session, shop.company_id, products)
    payload = {"companyId": str(shop.company_id), "productIds": [str(product) for product in products]}
    await fetch_waiting(runtime, payload, network=HereOnly())
    assert [await jobs_of(runtime, product) for product in products] == [2, 2, 2], "the batch's and their own"
    await fetch_waiting(runtime, payload, network=HereOnly())
    await sweep_waiting(runtime)
    assert [await jobs_of(runtime, product) for product in products] == [2, 2, 2]
