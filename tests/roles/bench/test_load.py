"""The load generator against a server of a few lines: what it counts, and what it calls an error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from pasar.roles.bench.asking import ask_all
from pasar.roles.bench.calls import Call, Script, UnexpectedAnswer, posting
from pasar.roles.bench.load import Drive
from pasar.roles.bench.load import _drive as drive_here


@asynccontextmanager
async def answering(answer: Callable[[bytes], list[bytes]]) -> AsyncIterator[int]:
    """A server that answers each request head with pieces, written one after the other."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b"content-length: " in head:
                    await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
                for piece in answer(head):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def reply(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d Fine\r\ncontent-length: %d\r\nx: y\r\n\r\n%s" % (status, len(body), body)


GOOD = Call("GET", "/cart", needle=b'"id":', makes=("carts",))


async def test_every_call_is_sent_once_and_measured() -> None:
    heads: list[bytes] = []

    def answer(head: bytes) -> list[bytes]:
        heads.append(head)
        return [reply(200, b'{"id":1}')]

    async with answering(answer) as port:
        calls = [Call("GET", f"/cart/{number}", needle=b'"id":', makes=("carts",)) for number in range(40)]
        driven = await drive_here(Drive("127.0.0.1", port, 4, 5, calls, warm_up=[GOOD] * 3))
    assert sorted(head.split()[1] for head in heads) == sorted(
        [b"/cart"] * 3 + [b"/cart/%d" % number for number in range(40)]
    )
    assert (len(driven.latencies), driven.errors, driven.made["carts"]) == (40, 0, 43)
    assert driven.latencies == sorted(driven.latencies)
    assert driven.own_cpu_seconds > 0


async def test_an_answer_in_pieces_is_one_answer() -> None:
    whole = reply(200, b'{"id":"' + b"x" * 500 + b'"}')
    async with answering(lambda _: [whole[:10], whole[10:45], whole[45:300], whole[300:]]) as port:
        driven = await drive_here(Drive("127.0.0.1", port, 2, 5, [GOOD] * 10))
    assert (len(driven.latencies), driven.errors) == (10, 0)


@pytest.mark.parametrize("wrong", [reply(500, b'{"id":1}'), reply(200, b"{}"), reply(201, b'{"id":1}')])
async def test_a_wrong_status_or_a_missing_field_is_an_error(wrong: bytes) -> None:
    answers = iter([reply(200, b'{"id":1}'), wrong, reply(200, b'{"id":1}')])
    async with answering(lambda _: [next(answers)]) as port:
        driven = await drive_here(Drive("127.0.0.1", port, 1, 5, [GOOD] * 3))
    assert (len(driven.latencies), driven.errors, driven.made["carts"]) == (2, 1, 2)
    assert "/cart answered" in driven.first_error


async def test_it_stops_when_the_time_is_over() -> None:
    async with answering(lambda _: [reply(200, b'{"id":1}')]) as port:
        driven = await drive_here(Drive("127.0.0.1", port, 2, 0.1, [GOOD] * 500_000))
    assert 0 < len(driven.latencies) < 500_000
    assert driven.errors == 0


async def test_calls_with_company_and_without_are_told_apart() -> None:
    asked: list[bytes] = []

    def answer(head: bytes) -> list[bytes]:
        asked.append(head.split()[1])
        return [reply(500 if b"/login" in head else 200, b'{"id":1}')]

    async with answering(answer) as port:
        beside = [posting("/login", {"a": 1})]
        job = Drive("127.0.0.1", port, 2, 0.8, [GOOD] * 3, beside=beside, beside_clients=1)
        driven = await drive_here(job)
    assert driven.alone is not None
    assert driven.beside is not None
    assert min(len(driven.latencies), len(driven.alone.latencies)) > 3, "the calls go round"
    assert len(driven.latencies) + len(driven.alone.latencies) == len(asked) - asked.count(b"/login")
    assert driven.latencies == sorted(driven.latencies)
    assert (driven.errors, driven.alone.errors) == (0, 0)
    assert driven.beside.errors == asked.count(b"/login") > 0
    assert driven.seconds == pytest.approx(0.4, abs=0.3)
    assert driven.alone.seconds == pytest.approx(0.4, abs=0.3)


async def test_scripts_hear_the_answers_of_their_own_calls() -> None:
    def script(number: int) -> Script[str]:
        answer = yield Call("GET", f"/{number}", makes=("carts",))
        again = yield posting(f"/{answer['path']}", {"n": number})
        return str(again["path"])

    async with answering(lambda head: [reply(200, b'{"path":"%s"}' % head.split()[1].strip(b"/"))]) as port:
        prepared = await ask_all("127.0.0.1", port, [script(number) for number in range(30)])
    assert prepared.results == [str(number) for number in range(30)]
    assert prepared.made["carts"] == 30


async def test_a_script_stops_at_a_wrong_answer() -> None:
    def script() -> Script[None]:
        yield Call("GET", "/", needle=b"wanted")

    async with answering(lambda _: [reply(200, b"{}")]) as port:
        with pytest.raises(UnexpectedAnswer, match="GET / answered 200"):
            await ask_all("127.0.0.1", port, [script()])
