"""What roles allow, and how a person comes to have one."""

from __future__ import annotations

import pytest

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Caller
from pasar.people.access.public import PERMISSIONS, ROLES, add_member, permissions_of, role_in
from support.people import make_person
from support.shops import Shop, make_shop


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_owners_and_managers_may_do_everything_there_is(role: str, permission: str) -> None:
    assert Caller(kind="staff", permissions=permissions_of(role)).may(permission)


def test_only_owners_may_do_what_comes_later() -> None:
    assert Caller(permissions=permissions_of("owner")).may("payouts:write")
    assert not Caller(permissions=permissions_of("manager")).may("payouts:write")


@pytest.mark.parametrize("role", ["", "customer", "Owner", "admin"])
def test_other_words_allow_nothing(role: str) -> None:
    assert permissions_of(role) == frozenset()


async def test_a_member_has_one_role_in_one_company(runtime: Runtime, shop: Shop) -> None:
    person, other = await make_person(runtime, shop), await make_shop(runtime)
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, person.user_id) is None
        for role in ("manager", "owner"):
            await add_member(session, shop.company_id, person.user_id, role)
            assert await role_in(session, shop.company_id, person.user_id) == role
        assert await role_in(session, other.company_id, person.user_id) is None


async def test_there_is_no_other_role(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    with pytest.raises(ValueError, match="unknown role"):
        async with runtime.database.transaction() as session:
            await add_member(session, shop.company_id, person.user_id, "superuser")
