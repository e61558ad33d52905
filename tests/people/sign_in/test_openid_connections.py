"""Connecting a provider to one's account, and taking it away."""

from __future__ import annotations

from pasar.kernel.ids import new_id
from support.openid_browser import Browser, another, identities, local, says, signed_in
from support.openid_issuer import Issuer
from support.people import new_email


def links(page: str) -> list[str]:
    found = [piece.split('"')[0] for piece in page.split('href="')[1:]]
    return [link.replace("&amp;", "&") for link in found if "/connect?" in link]


async def test_connecting_under_account_needs_no_e_mail_and_taking_away_ends_it(
    browser: Browser, issuer: Issuer
) -> None:
    user_id = await signed_in(browser, issuer)
    page = (await browser.get("/account/connections")).text
    assert links(page) == [], "it is connected already"
    [identity] = [
        piece.split("/remove")[0] for piece in page.split("/account/connections/")[1:] if "/remove" in piece
    ]
    removed = await browser.post(f"/account/connections/{identity}/remove")
    assert removed.headers["location"] == "/account/connections?notice=way-removed"
    assert await identities(browser.runtime, user_id) == 0
    again = await browser.post(f"/account/connections/{identity}/remove")
    assert again.headers["location"] == "/account/connections?notice=way-gone"

    says(issuer, "", verified=False)
    [link] = links((await browser.get("/account/connections")).text)
    there = (await browser.get(link)).headers["location"]
    back = await browser.get(local(issuer.authorize(there)))
    assert back.headers["location"] == "/account/connections?notice=way-connected"
    elsewhere = another(browser)
    assert (await elsewhere.sign_in(issuer)).status_code == 303
    assert await elsewhere.who() == await browser.who()


async def test_an_identity_belongs_to_one_account(browser: Browser, issuer: Issuer) -> None:
    first = await signed_in(browser, issuer)
    person = dict(issuer.person)
    other = another(browser)
    second = await signed_in(other, issuer)
    await other.runtime.database.rows("DELETE FROM identities WHERE user_id = $1", second)
    issuer.person = person
    [link] = links((await other.get("/account/connections")).text)
    answer = await other.get(local(issuer.authorize((await other.get(link)).headers["location"])))
    assert answer.status_code == 409
    assert [await identities(browser.runtime, user_id) for user_id in (first, second)] == [1, 0]


async def test_nobody_connects_by_a_foreign_link_or_after_signing_out(
    browser: Browser, issuer: Issuer
) -> None:
    user_id = await signed_in(browser, issuer)
    await browser.runtime.database.rows("DELETE FROM identities WHERE user_id = $1", user_id)
    for forged in ("", "?t=", "?t=" + "0" * 64, "?t=%C3%A9"):
        assert (await browser.get(f"/account/connections/local/connect{forged}")).status_code == 403
    [link] = links((await browser.get("/account/connections")).text)
    assert (await another(browser).get(link)).headers["location"].startswith("/sign-in?back=")
    address = local(issuer.authorize((await browser.get(link)).headers["location"]))
    await browser.runtime.database.rows(
        "UPDATE sign_ins SET revoked_at = now(), revoked_for = 'revoked' WHERE user_id = $1", user_id
    )
    assert (await browser.get(address)).status_code == 422
    assert await identities(browser.runtime, user_id) == 0


async def test_another_s_identity_cannot_be_taken_away(browser: Browser, issuer: Issuer) -> None:
    victim = await signed_in(browser, issuer)
    identity = await browser.runtime.database.value("SELECT id FROM identities WHERE user_id = $1", victim)
    thief = another(browser)
    await signed_in(thief, issuer)
    answers = [await thief.post(f"/account/connections/{one}/remove") for one in (identity, new_id())]
    assert {answer.headers["location"] for answer in answers} == {"/account/connections?notice=way-gone"}
    assert await identities(browser.runtime, victim) == 1


async def test_the_only_way_in_stays(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    await browser.sign_in(issuer)
    page = (await browser.get("/account/connections")).text
    path = "/account/connections/" + page.split('action="/account/connections/')[1].split('"')[0]
    assert (await browser.post(path)).headers["location"] == "/account/connections?notice=last-way-in"
