"""How are a picture's files kept, and its row made?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from uuid import UUID

from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.files import Files
from pasar.kernel.ids import new_id
from pasar.shop.catalog.media.addresses import Rendering
from pasar.shop.catalog.media.rendering import RenderedPicture, render, render_drawn

# A picture of 40 megapixels takes 160 MB while it is decoded: two at a time, however many are sent.
_HANDS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")

KEEP_ROW = """
INSERT INTO pictures (company_id, id, content_hash, width, height, mean_colour, widths)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (company_id, content_hash) DO UPDATE SET widths = excluded.widths
RETURNING id
"""


async def store_picture(files: Files, content: bytes) -> RenderedPicture:
    """Render the bytes of a picture file and keep all its files. Raises `PictureRefused`.

    Files are named by content, so doing this twice, or at once, ends the same. Call it outside any
    transaction, then `keep_picture` inside one.
    """
    return await _stored(files, lambda: render(content))


async def store_drawn(files: Files, draw: Callable[[], Image.Image]) -> RenderedPicture:
    """Keep a picture that `draw` makes, in a thread, as `store_picture` keeps one that came in."""
    return await _stored(files, lambda: render_drawn(draw()))


async def _stored(files: Files, work: Callable[[], RenderedPicture]) -> RenderedPicture:
    rendered = await asyncio.get_running_loop().run_in_executor(_HANDS, work)
    for file in rendered.files:
        await files.put(Rendering(rendered.content_hash, file.width, file.kind).key, file.content)
    return rendered


async def keep_picture(session: AsyncSession, company_id: UUID, rendered: RenderedPicture) -> UUID:
    """The id of the company's picture with this content, made when it is new."""
    values = (
        company_id,
        new_id(),
        rendered.content_hash,
        rendered.width,
        rendered.height,
        rendered.mean_colour,
        rendered.widths,
    )
    ((picture_id,),) = await fetch(session, KEEP_ROW, values)
    return UUID(str(picture_id))
