"""A call that was let in before an erasure, and writes after it: the night finds what it wrote."""

from __future__ import annotations

from datetime import timedelta

import httpx

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.actions.erase_person import finish_erasures
from pasar.people.users.actions.add_address import add_address
from pasar.people.users.addresses import Address
from people.privacy.whole_people import Person, confirm, make_whole_person, traces_of

UNDER_WAY = {"orders.email", "order_lines.custom_fields"}


async def erased(client: httpx.AsyncClient, runtime: Runtime) -> Person:
    """Somebody who had everything, and has just been erased."""
    person = await make_whole_person(client, runtime)
    await confirm(runtime.database, person.user_id)
    assert (await client.post("/api/account/erase", headers=person.headers)).status_code == 200
    assert await traces_of(runtime.database, person.words) == {}
    return person


async def write_late(runtime: Runtime, person: Person) -> None:
    """What checkout, cart and address book write by the customer's id, which is all that they look at."""
    late = (person.shop.company_id, person.customer_id)
    street = Address(
        name=f"Ann {person.word}", line1=f"3 {person.word} Street", line2="", city="Bandung", region="JB",
        postal_code="40111", country="ID", phone="",
    )  # fmt: skip
    cart = """
    INSERT INTO carts (company_id, id, site_id, customer_id, currency, created_at, last_activity_at,
                       expires_at)
    SELECT company_id, $3, site_id, $2, currency, now(), now(), now() + interval '30 days' FROM orders
     WHERE company_id = $1 AND id = $4
    """
    line = """
    INSERT INTO cart_lines (company_id, id, cart_id, line_key, product_id, variant_id, title, quantity,
                            custom_fields, created_at)
    SELECT company_id, $2, $3, $2, product_id, variant_id, title, 1, jsonb_build_object('to', $4::text), now()
      FROM order_lines WHERE company_id = $1 AND order_id = $5
    """
    order = "UPDATE orders SET email = $3, status = $4 WHERE company_id = $1 AND id = $2"
    words = """
    UPDATE order_lines SET custom_fields = jsonb_build_object('to', $3::text)
     WHERE company_id = $1 AND order_id = $2
    """
    cart_id, company_id = new_id(), person.shop.company_id
    async with runtime.database.transaction() as session:
        await add_address(session, *late, street)
        await fetch(session, cart, (*late, cart_id, person.order_id))
        await fetch(session, line, (company_id, new_id(), cart_id, person.word, person.order_id))
        # An order of theirs, as it is when it has just been placed.
        await fetch(session, order, (company_id, person.order_id, person.email, "shipped"))
        await fetch(session, words, (company_id, person.order_id, person.word))


async def night(runtime: Runtime, *, after: timedelta) -> int:
    """Run what `privacy.finish_erasures` runs, this long after now."""
    async with runtime.database.transaction() as session:
        return await finish_erasures(session, runtime.secrets, runtime.clock.now() + after)


async def test_what_was_written_after_the_erasure_is_forgotten_at_night(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await erased(client, runtime)
    await write_late(runtime, person)
    left = await traces_of(runtime.database, person.words)
    assert left.keys() == UNDER_WAY | {"addresses.name", "addresses.line1", "cart_lines.custom_fields"}

    await night(runtime, after=timedelta(hours=1))
    assert (await traces_of(runtime.database, person.words)).keys() == UNDER_WAY, "it is brought first"

    await runtime.database.rows("UPDATE orders SET status = 'completed' WHERE id = $1", person.order_id)
    await night(runtime, after=timedelta(hours=25))
    assert await traces_of(runtime.database, person.words) == {}
    assert await runtime.database.value(
        "SELECT finished_at IS NOT NULL AND waiting IS NULL FROM erasures WHERE user_id = $1", person.user_id
    )


async def test_the_second_look_waits_until_no_such_call_can_be_under_way(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await erased(client, runtime)
    finished = "SELECT finished_at IS NOT NULL FROM erasures WHERE user_id = $1"

    await night(runtime, after=timedelta())
    assert await runtime.database.value(finished, person.user_id) is False
    await night(runtime, after=timedelta(minutes=6))
    assert await runtime.database.value(finished, person.user_id) is True


async def test_the_second_look_takes_nothing_from_whoever_has_the_address_now(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await erased(client, runtime)
    guest = "UPDATE orders SET customer_id = NULL, email = $2, status = 'completed' WHERE id = $1"
    await runtime.database.rows(guest, person.order_id, person.email)  # somebody ordered by it since

    await night(runtime, after=timedelta(hours=1))

    email = "SELECT email FROM orders WHERE id = $1"
    assert await runtime.database.value(email, person.order_id) == person.email
