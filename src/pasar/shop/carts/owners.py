"""Whose cart? A guest's, by the hash of a session token, or a customer's, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

__all__ = ["OF_CUSTOMER", "OF_GUEST", "Owner", "Statements", "by_owner"]

# $1 company, $2 token hash or customer, $3 site. A guest's cart belongs to its token, on every site of the
# company that sells in the cart's currency; a customer has one cart a site. So the site takes part for
# customers only; the useless condition keeps the numbering of both statements equal.
OF_GUEST: Final = "c.company_id = $1 AND c.token_hash = $2 AND $3::uuid IS NOT NULL"
OF_CUSTOMER: Final = "c.company_id = $1 AND c.customer_id = $2 AND c.site_id = $3"


@dataclass(frozen=True, slots=True)
class Owner:
    """Either `token_hash` or `customer_id` is set."""

    company_id: UUID
    site_id: UUID
    token_hash: bytes | None = None
    customer_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.token_hash is None) == (self.customer_id is None):
            raise ValueError("a cart belongs to a token or to a customer")

    @property
    def place(self) -> tuple[UUID, bytes | UUID, UUID]:
        """The first three parameters of statements made by `by_owner`."""
        return self.company_id, self.token_hash or self.customer_id or self.site_id, self.site_id


@dataclass(frozen=True, slots=True)
class Statements:
    """One text, for both kinds of owner."""

    token: str
    customer: str

    def of(self, owner: Owner) -> str:
        """The statement for this owner."""
        return self.customer if owner.token_hash is None else self.token


def by_owner(statement: str) -> Statements:
    """Two constant statements of one text: `{owner}` says how table `c` is found, by `$1` to `$3`."""
    return Statements(statement.replace("{owner}", OF_GUEST), statement.replace("{owner}", OF_CUSTOMER))
