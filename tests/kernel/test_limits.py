"""Whose failures are counted together?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from pasar.kernel.errors import TooMany
from pasar.kernel.ids import new_id
from pasar.kernel.limits import FailureLimit, forget_failures, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime


def limit_of(kind: str) -> FailureLimit:
    """A limit of this test's own."""
    return FailureLimit(f"test-{new_id().hex}.{kind}", 3, timedelta(minutes=15))


async def test_one_subscribers_ipv6_addresses_share_their_tries(runtime: Runtime) -> None:
    limit = limit_of("address")
    for last in range(3):
        await note_failure(runtime, [(limit, f"2001:db8:1:2::{last:x}")])
    with pytest.raises(TooMany):
        await refuse_after_failures(runtime, [(limit, "2001:db8:1:2:ffff::1")])
    with pytest.raises(TooMany):
        await note_failure(runtime, [(limit, "2001:db8:1:2:ffff::2")])
    await refuse_after_failures(runtime, [(limit, "2001:db8:1:3::1")])
    await forget_failures(runtime, limit, "2001:db8:1:2::77")
    await refuse_after_failures(runtime, [(limit, "2001:db8:1:2::1")])


async def test_ipv4_addresses_count_each_and_what_is_no_address_as_it_stands(runtime: Runtime) -> None:
    addresses, accounts = limit_of("address"), limit_of("account")
    for _ in range(3):
        await note_failure(runtime, [(addresses, "203.0.113.7"), (accounts, "2001:db8:1:2::1")])
    with pytest.raises(TooMany):
        await refuse_after_failures(runtime, [(addresses, "::ffff:203.0.113.7")])
    await refuse_after_failures(runtime, [(addresses, "203.0.113.8"), (accounts, "2001:db8:1:2::2")])
