"""Which picture stands beside a line of a cart or an order?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.http.schema import Output

THUMBNAIL: Final = 160
"""Pixels across: the narrowest width that pictures are served in."""

PICTURES: Final = """
SELECT v.id, coalesce(nullif(m.alt, ''), p.title) AS alt, i.content_hash, i.width, i.height, i.mean_colour,
       i.widths
  FROM variants v
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
  JOIN LATERAL (
       SELECT m.alt, m.picture_id
         FROM product_media m
        WHERE m.company_id = v.company_id AND m.product_id = v.product_id AND m.status = 'ready'
        ORDER BY m.id = v.media_id DESC NULLS LAST, m.position, m.id
        LIMIT 1) m ON true
  JOIN pictures i ON i.company_id = v.company_id AND i.id = m.picture_id
 WHERE v.company_id = $1 AND v.id = ANY($2::uuid[])
"""


class LinePicture(Output):
    """A thumbnail: its address, its size in pixels, and what is seen on it."""

    url: str
    width: int
    height: int
    alt: str
    colour: str


async def pictures_for(
    database: Database, company_id: UUID, variant_ids: Iterable[UUID], *, media_base: str
) -> dict[UUID, LinePicture]:
    """Thumbnails by variant: the variant's own picture, else the product's first. Those without are missing.

    `media_base` goes before the address: `settings.cdn_base_url`. One statement.
    """
    pictures: dict[UUID, LinePicture] = {}
    for row in await database.rows(PICTURES, company_id, list(variant_ids)):
        width = min(row["widths"], key=lambda known: (known < THUMBNAIL, known))
        pictures[row["id"]] = LinePicture(
            url=f"{media_base}/media/{row['content_hash']}-{width}.jpg",
            width=width,
            height=max(1, round(row["height"] * width / row["width"])),
            alt=row["alt"],
            colour=row["mean_colour"],
        )
    return pictures
