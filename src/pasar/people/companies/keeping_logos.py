"""How does a site come to its logo, and where does the former one go?"""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.runtime import Runtime
from pasar.people.companies.actions.change_site import set_logo
from pasar.web.uploads import drop_upload, keep_upload


async def keep_logo(runtime: Runtime, company_id: UUID, site_id: UUID, content: bytes | None) -> None:
    """Give the site this picture as its logo, or none; the former one's files are removed.

    Raises `NotFound` (`site_not_found`) and `Unprocessable` for what is no picture; nothing is left behind.
    """
    token = await keep_upload(runtime.files, content, "logo") if content is not None else None
    try:
        async with runtime.database.transaction() as session:
            former = await set_logo(session, company_id, site_id, token)
    except BaseException:
        if token:
            await drop_upload(runtime.files, token)
        raise
    runtime.sites.forget()
    if former:
        await drop_upload(runtime.files, former)
