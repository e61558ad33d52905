"""A person's photo: judged by its content, without what the camera noted, and gone when it is taken back."""

from __future__ import annotations

import io
from uuid import UUID

import httpx
import pytest
from PIL import Image

from pasar.kernel.runtime import Runtime
from pasar.people.users.photos import PHOTO_JOBS
from support.office import shopper_office
from support.people import make_customer, make_staff
from support.pictures import picture_bytes
from support.shops import Shop

PATH = "/api/auth/me/photo"


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    stream = io.BytesIO()
    Image.new("RGB", (900, 600), "#336699").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


async def put(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes, name: str = "me.png"
) -> httpx.Response:
    return await client.put(PATH, files={"file": (name, content, "image/png")}, headers=headers)


async def test_a_photo_is_served_in_two_sizes_without_metadata(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, buyer = await make_customer(runtime, shop)
    told = (await put(client, buyer, with_exif())).json()
    for path, side in ((told["photo"], 96), (told["large"], 320)):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert "private" in answer.headers["cache-control"]
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == ("WEBP", (side, side))
        assert not picture.getexif()
        assert b"SecretCamera" not in answer.content
    assert (await client.get("/api/auth/me", headers=buyer)).json()["photo"] == told["photo"]


async def test_what_is_replaced_or_taken_back_is_gone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    first = (await put(client, staff, picture_bytes())).json()
    second = (await put(client, staff, picture_bytes())).json()
    assert first["photo"] != second["photo"], "a name is not made of the content"
    for path in first.values():
        assert (await client.get(path)).status_code == 404
    assert (await client.delete(PATH, headers=staff)).status_code == 204
    assert (await client.delete(PATH, headers=staff)).status_code == 204
    for path in second.values():
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/api/auth/me", headers=staff)).json()["photo"] is None


async def test_files_go_although_the_process_dies_before_it_removed_them(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, buyer = await make_customer(runtime, shop)
    told = (await put(client, buyer, picture_bytes())).json()
    token = told["photo"].removeprefix("/uploads/").partition("-")[0]
    await PHOTO_JOBS[0].work(runtime, {"token": token})
    await PHOTO_JOBS[0].work(runtime, {"token": token})
    assert (await client.get(told["photo"])).status_code == 404


async def test_nobody_changes_anothers(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, mine = await make_customer(runtime, shop)
    _, other = await make_customer(runtime, shop)
    told = (await put(client, mine, picture_bytes())).json()
    assert (await client.delete(PATH, headers=other)).status_code == 204
    assert (await client.get(told["photo"])).status_code == 200
    assert (await put(client, shop.headers, picture_bytes())).status_code == 401


BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"
NO_PICTURES = [
    b"",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<html><script>alert(1)</script></html>",
    b"GIF89a",
    b"%PDF-1.7",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    BOMB,
    picture_bytes()[:200],
]


@pytest.mark.parametrize("content", NO_PICTURES, ids=range(len(NO_PICTURES)))
async def test_what_is_no_picture_is_refused_whatever_it_is_called(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, content: bytes
) -> None:
    customer_id, buyer = await make_customer(runtime, shop)
    answer = await put(client, buyer, content)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"].startswith("picture_")
    photo = "SELECT photo FROM users WHERE id = (SELECT user_id FROM customers WHERE id = $1)"
    assert await runtime.database.value(photo, UUID(str(customer_id))) is None


async def test_bodies_that_are_none(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, buyer = await make_customer(runtime, shop)
    large = await put(client, buyer, picture_bytes() + b"\0" * (5 * 1024 * 1024))
    assert (large.status_code, large.json()["code"]) == (413, "picture_too_large")
    for told in (
        await client.put(PATH, json={"file": "x"}, headers=buyer),
        await client.put(PATH, headers=buyer),
        await client.put(PATH, files={"picture": ("a.png", picture_bytes(), "image/png")}, headers=buyer),
        await client.put(PATH, data={"file": "text"}, headers=buyer),
        await client.put(
            PATH, files={"file": ("a.png", picture_bytes(), "image/png")}, data={"userId": "x"}, headers=buyer
        ),
    ):
        assert (told.status_code, told.json()["code"]) == (400, "file_required"), told.text


@pytest.mark.parametrize("name", ["x", "../secret", "%2e%2e%2fsecret", "f" * 64, "0" * 64 + "-3.webp"])
async def test_names_are_not_guessed(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/uploads/{name}")).status_code == 404


async def test_the_page_takes_and_removes_it(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    buyer = await shopper_office(client, runtime, shop)
    assert "You have no photo" in await buyer.see("/account/photo")
    bad = await buyer.send("/account/photo", files={"file": ("me.png", b"no picture", "image/png")})
    assert bad.status_code == 422
    assert "is no picture that we can show" in bad.text
    await buyer.done("/account/photo", files={"file": ("me.png", picture_bytes(), "image/png")})
    assert "/uploads/" in await buyer.see("/account/photo")
    await buyer.done("/account/photo/remove")
    assert "/uploads/" not in await buyer.see("/account/photo")
    guest = await client.get("/account/photo", headers=shop.headers)
    assert (guest.status_code, guest.headers["location"]) == (303, "/sign-in?back=%2Faccount%2Fphoto")
