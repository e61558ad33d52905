"""What nobody answered is forgotten; what counts stays."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.actions.set_up_totp import begin_totp
from pasar.people.sign_in.second_factor.jobs import forget_challenges
from pasar.people.sign_in.second_factor_gate import SecondFactorRequired, second_factor_gate
from support.factors import make_guarded
from support.people import make_person
from support.shops import Shop

LEFT = """
SELECT (SELECT count(*) FROM totp_secrets WHERE user_id = $1), (SELECT count(*) FROM factor_challenges
        WHERE user_id = $1)
"""


async def test_what_is_over_goes(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    guarded = await make_guarded(timed_client, timed, shop)
    other = await make_person(timed, shop)
    site = await timed.sites.of_company(shop.company_id)
    assert site is not None
    await begin_totp(timed, other.user_id)
    for _ in range(2):
        with pytest.raises(SecondFactorRequired):
            await second_factor_gate(timed, site, guarded.person.user_id, None)
    clock.advance(timedelta(minutes=9))
    await forget_challenges(timed)
    assert tuple(await timed.database.row(LEFT, guarded.person.user_id) or ()) == (1, 2)
    assert tuple(await timed.database.row(LEFT, other.user_id) or ()) == (1, 0)
    clock.advance(timedelta(days=1))
    await forget_challenges(timed)
    assert tuple(await timed.database.row(LEFT, guarded.person.user_id) or ()) == (1, 0)
    assert tuple(await timed.database.row(LEFT, other.user_id) or ()) == (0, 0)
