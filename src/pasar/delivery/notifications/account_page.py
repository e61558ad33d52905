"""Where do the links of mails about accounts lead? Never to a host that somebody has just made the site's."""

from __future__ import annotations

from dataclasses import replace

from pasar.delivery.notifications.rendering import MailPage, mail_page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.companies.public import settled_host

__all__ = ["account_page"]


async def account_page(runtime: Runtime, site: Site, locale: str) -> MailPage:
    """`mail_page`, with the host that is settled (`people.companies.link_host`) instead of the site's own.

    Without one the links lead to `PASAR_PUBLIC_URL`; `base_url` is empty where there is none either.
    """
    if site.host:
        now = runtime.clock.now()
        site = replace(site, host=await settled_host(runtime.database, site.company_id, site.id, now))
    return mail_page(runtime.settings, site, locale)
