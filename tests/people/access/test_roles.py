"""What roles allow, and how a person comes to have one."""

from __future__ import annotations

import pytest

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Caller
from pasar.people.access.public import PERMISSIONS, ROLES, add_member, beyond, permissions_of, role_in
from support.people import make_person
from support.shops import Shop, make_shop

COMPANY = {name for name in PERMISSIONS if not name.startswith("platform:")}


@pytest.mark.parametrize("permission", [*PERMISSIONS, "what:comes-later"])
def test_owners_may_do_everything_there_is(permission: str) -> None:
    assert Caller(kind="staff", permissions=permissions_of("owner")).may(permission)


def test_admins_may_do_everything_in_their_company() -> None:
    assert permissions_of("admin") == COMPANY


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_no_other_role_is_without_bounds(role: str) -> None:
    allowed = permissions_of(role)
    assert allowed <= PERMISSIONS.keys()
    assert role == "platform" or allowed <= COMPANY
    if role not in {"admin"}:
        assert not any(name in allowed for name in ("staff:write", "roles:write", "keys:write", "audit:read"))


def test_viewers_read_the_business_and_nothing_else() -> None:
    allowed = permissions_of("viewer")
    assert all(name.endswith(":read") for name in allowed)
    assert not {name.partition(":")[0] for name in allowed} & {"staff", "roles", "keys", "audit", "platform"}
    assert {"catalog:read", "orders:read", "finance:read"} <= allowed


@pytest.mark.parametrize("role", ["supplier", "office", "partner"])
def test_guests_of_the_house_may_only_sign_in(role: str) -> None:
    assert role in ROLES
    assert permissions_of(role) == frozenset()


@pytest.mark.parametrize("role", ["", "customer", "Owner", "custom"])
def test_other_words_allow_nothing(role: str) -> None:
    assert permissions_of(role) == frozenset()


def test_who_holds_everything_can_give_everything() -> None:
    assert beyond({"*"}, {"catalog:read", "*"}) == frozenset()
    assert beyond(permissions_of("admin"), permissions_of("owner")) == {"*"}
    assert beyond({"catalog:read"}, {"catalog:read", "catalog:write"}) == {"catalog:write"}


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
