"""Whose cart does a page show?"""

from __future__ import annotations

from pasar.kernel.ids import hash_token
from pasar.kernel.tenancy import Context
from pasar.shop.carts.owners import Owner

__all__ = ["page_owner"]


def page_owner(context: Context, cookie: str | None) -> Owner | None:
    """The signed-in customer's, else that of the browser's token; None for a browser without one yet."""
    company_id, site_id = context.company_id, context.site.id
    if context.caller.customer_id is not None:
        return Owner(company_id, site_id, customer_id=context.caller.customer_id)
    return Owner(company_id, site_id, token_hash=hash_token(cookie)) if cookie else None
