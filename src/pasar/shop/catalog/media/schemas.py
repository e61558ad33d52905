"""What travels of pictures."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output

Alt = Annotated[str, msgspec.Meta(max_length=500)]


class MediaByAddress(Input):
    """A picture to fetch from `url` (http or https)."""

    url: Annotated[str, msgspec.Meta(min_length=8, max_length=2048, pattern="^[hH][tT][tT][pP][sS]?://")]
    alt: Alt = ""


class MediaChange(Input):
    """New words for a picture."""

    alt: Alt


class MediaOrder(Input):
    """All pictures of the product, first to last."""

    media_ids: Annotated[list[UUID], msgspec.Meta(max_length=250)]


class MediaSize(Output):
    """One served width in pixels with the addresses of both encodings."""

    width: int
    webp: str
    jpeg: str


class MediaOut(Output):
    """A product's picture: `ready`, `waiting` (a job fetches it), or `failed` (`problem` says why)."""

    id: UUID
    product_id: UUID
    alt: str
    position: int
    status: str
    sizes: list[MediaSize]
    url: str | None = None
    source_url: str | None = None
    problem: str | None = None
    width: int | None = None
    height: int | None = None
    colour: str | None = None


class MediaList(Output):
    """A product's pictures in their order."""

    items: list[MediaOut]
