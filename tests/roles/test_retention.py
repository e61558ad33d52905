"""How long what is kept: each row of the table does what it says, and the guide says the same."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.roles.assembling import open_runtime
from pasar.roles.registry import SCHEDULES
from pasar.roles.retention import RETENTION, forget_what_is_over
from support.people import make_person
from support.shops import make_shop

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"

MESSAGE = """
INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, subject, state,
                      created_at, sent_at)
VALUES ($1, $2, 'order.placed', 'mail', 'ann@example.com', 'en', $3, 'Your order', 'sent', $4, $4)
"""
MAIL = """
INSERT INTO outbox_mails (company_id, id, recipient, sender, subject, text, html, at)
VALUES ($1, $2, 'ann@example.com', 'shop@example.com', 'Your order', '…', '…', $3)
"""
INVITATION = """
INSERT INTO invitations (company_id, id, email, role, locale, expires_at)
VALUES ($1, $2, $3, 'viewer', 'en', $4)
"""
PROOF = """
INSERT INTO proofs (id, company_id, site_id, kind, recipient, locale, created_at, expires_at)
VALUES ($1, $2, $3, 'verify_email', 'ann@example.com', 'en', $4, $5)
"""


def test_the_guide_shows_the_table() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)

    for kept in RETENTION:
        assert (kept.what, kept.period, kept.reason) in rows


def test_every_row_names_a_schedule_that_runs() -> None:
    known = {schedule.name for schedule in SCHEDULES}

    assert {kept.schedule for kept in RETENTION} - known == set()


async def test_what_is_over_goes_and_what_is_not_stays(
    fresh_database: Database, settings: Settings, clock: FixedClock
) -> None:
    runtime = open_runtime(settings, fresh_database, clock)
    shop, now = await make_shop(runtime), clock.now()
    old, young = {}, {}
    for days, ids in ((91, old), (89, young)):
        at = now - timedelta(days=days)
        ids["message"] = new_id()
        await fresh_database.rows(MESSAGE, shop.company_id, ids["message"], str(new_id()), at)
        await fresh_database.rows(MAIL, shop.company_id, ids["message"], at)
    for days, ids in ((31, old), (29, young)):
        ids["invitation"] = new_id()
        over = now - timedelta(days=days)
        email = f"{days}@example.com"
        await fresh_database.rows(INVITATION, shop.company_id, ids["invitation"], email, over)
    for hours, ids in ((25, old), (23, young)):
        ids["proof"] = new_id()
        over = now - timedelta(hours=hours)
        before = over - timedelta(hours=1)
        await fresh_database.rows(PROOF, ids["proof"], shop.company_id, shop.site_id, before, over)

    await forget_what_is_over(runtime)
    await runtime.http.aclose()

    recipients = {row[0]: row[1] for row in await fresh_database.rows("SELECT id, recipient FROM messages")}
    assert recipients == {old["message"]: "", young["message"]: "ann@example.com"}
    for table, kind in (("outbox_mails", "message"), ("invitations", "invitation"), ("proofs", "proof")):
        left = {row[0] for row in await fresh_database.rows(f"SELECT id FROM {table}")}
        assert left == {young[kind]}, table


async def test_one_failure_keeps_none_of_the_others(
    fresh_database: Database, settings: Settings, clock: FixedClock
) -> None:
    runtime = open_runtime(settings, fresh_database, clock)
    shop = await make_shop(runtime)
    await make_person(runtime, shop)
    over = clock.now() - timedelta(days=31)
    await fresh_database.rows(INVITATION, shop.company_id, new_id(), "ann@example.com", over)
    await fresh_database.rows("DROP TABLE outbox_mails")

    with pytest.raises(ExceptionGroup, match="not everything"):
        await forget_what_is_over(runtime)
    await runtime.http.aclose()

    assert await fresh_database.value("SELECT count(*) FROM invitations") == 0
