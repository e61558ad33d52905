"""How is a picture fetched from an address that somebody else wrote?

HTTP and HTTPS only, at most three redirects, each judged anew; ten seconds and ten megabytes altogether. The
request goes to the judged network address, with the host's name in `Host` and in TLS.
"""

from __future__ import annotations

import asyncio
import ssl
from functools import cache
from typing import Final

import httpx

from pasar.shop.catalog.media.limits import MOST_BYTES, PictureRefused
from pasar.shop.catalog.media.network import Address, HostUnknown, Network

SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 3
LONGEST_ADDRESS: Final = 2048
_PORTS: Final = {"http": 80, "https": 443}
_MAYBE_LATER: Final = frozenset({408, 425, 429})


class FetchFailed(Exception):
    """The picture did not come this time; another try may do better. The message is for people."""


async def fetch_picture(url: str, network: Network, *, seconds: float = SECONDS) -> bytes:
    """The bytes at `url`. Raises `PictureRefused` when asking again is useless, else `FetchFailed`."""
    try:
        async with asyncio.timeout(seconds):
            return await _followed(url, network)
    except TimeoutError:
        raise FetchFailed(f"The picture did not come within {seconds:g} seconds.") from None
    except httpx.HTTPError as reason:
        raise FetchFailed(f"The picture did not come: {type(reason).__name__}.") from None
    except HostUnknown as reason:
        raise FetchFailed(str(reason)) from None


async def _followed(url: str, network: Network) -> bytes:
    transport = httpx.AsyncHTTPTransport(verify=_trust(), trust_env=False)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=SECONDS) as client:
        address = _parsed(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = await _asked(client, address, network)
            if isinstance(answer, bytes):
                return answer
            address = _parsed(str(address.join(answer)))
    raise PictureRefused("too_many_redirects", f"The address redirects more than {MOST_REDIRECTS} times.")


async def _asked(client: httpx.AsyncClient, url: httpx.URL, network: Network) -> bytes | httpx.URL:
    """The body at `url`, or where it redirects to."""
    target = await _judged(url, network)
    request = client.build_request(
        "GET",
        url.copy_with(host=str(target)),
        # An encoded body could unfold far beyond the limit, so none is asked for.
        headers={"Host": url.netloc.decode(), "Accept": "image/*", "Accept-Encoding": "identity"},
        extensions={"sni_hostname": url.host},
    )
    answer = await client.send(request, stream=True)
    try:
        if answer.has_redirect_location:
            return httpx.URL(answer.headers["location"])
        _refuse_status(answer.status_code)
        return await _body(answer)
    except httpx.InvalidURL:
        raise PictureRefused("redirect_malformed", "The address redirects to no address.") from None
    finally:
        await answer.aclose()


async def _judged(url: httpx.URL, network: Network) -> Address:
    """The network address to connect to: the first, when all that the host has are allowed."""
    found = await network.addresses_of(url.host, url.port or _PORTS[url.scheme])
    if not all(network.allows(address) for address in found):
        raise PictureRefused("address_private", f"{url.host} is not on the public internet.")
    return found[0]


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise PictureRefused("address_malformed", "This is no address of a picture.") from None
    if len(text) > LONGEST_ADDRESS or url.scheme not in _PORTS or not url.host or url.userinfo:
        raise PictureRefused("address_malformed", "A picture's address begins with http:// or https://.")
    return url


def _refuse_status(status: int) -> None:
    if status == httpx.codes.OK:
        return
    if status >= 500 or status in _MAYBE_LATER:
        raise FetchFailed(f"The other server answered {status}.")
    raise PictureRefused("picture_missing", f"The other server answered {status}.")


async def _body(answer: httpx.Response) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _too_large()
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> PictureRefused:
    return PictureRefused("picture_too_large", f"The picture is over {MOST_BYTES // 1024**2} MB.")


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes 20 ms, so once a process."""
    return httpx.create_ssl_context(trust_env=False)
