"""What `pasar doctor` says of keys that do not open and of tokens that live too long."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto.rotating import rotate
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.doctor import look_at_database, look_at_keys, look_at_settings

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def root(name: str) -> RootKey:
    return RootKey(name, os.urandom(32))


async def test_keys_that_open_and_keys_that_do_not(fresh_database: Database) -> None:
    first, second = root("k1"), root("k2")
    assert (await look_at_keys(fresh_database, [first])).told == "None yet."
    async with fresh_database.transaction() as session:
        await rotate(session, [first], NOW)
    told = {one.subject: one for one in await look_at_database(fresh_database.address, [first])}
    assert (told["Keys"].well, told["Keys"].told) == (True, "PASAR_DATA_KEYS opens all 2.")
    assert (await look_at_keys(fresh_database, [second, first])).well, "a new one in front, before rotating"

    gone = await look_at_keys(fresh_database, [second])
    assert not gone.well
    assert "2 of 2 stored keys were sealed by root key k1, and PASAR_DATA_KEYS lacks it." in gone.told
    assert "put the former key back into PASAR_DATA_KEYS" in gone.told

    wrong = await look_at_keys(fresh_database, [root("k1")])
    assert not wrong.well
    assert "PASAR_DATA_KEYS has another key by that name" in wrong.told
    async with fresh_database.transaction() as session:
        await rotate(session, [second, first], NOW)
    assert (await look_at_keys(fresh_database, [second])).well


@pytest.mark.parametrize(("seconds", "well"), [(900, True), (86400, True), (86401, False)])
def test_tokens_that_live_longer_than_a_day(runtime: Runtime, seconds: int, well: bool) -> None:
    found = look_at_settings(replace(runtime.settings, access_token_seconds=seconds))

    told = [one.told for one in found if one.subject == "Tokens"]
    assert (told == []) is well
    if not well:
        assert told == ["Access tokens live longer than 24 h: set JWT_EXPIRES_IN=15m or leave it out."]
