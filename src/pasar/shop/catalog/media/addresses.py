"""Under which name is a rendering kept and served?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from pasar.kernel.files import content_key

Kind = Literal["webp", "jpg"]
KINDS: Final[tuple[Kind, ...]] = ("webp", "jpg")
CONTENT_TYPES: Final[dict[Kind, str]] = {"webp": "image/webp", "jpg": "image/jpeg"}

_NAME: Final = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,4})\.(webp|jpg)")


@dataclass(frozen=True, slots=True)
class Rendering:
    """One file of a picture: its content's SHA-256 in hexadecimal, a width in pixels, an encoding."""

    content_hash: str
    width: int
    kind: Kind

    @property
    def name(self) -> str:
        """Its name at the end of the address."""
        return f"{self.content_hash}-{self.width}.{self.kind}"

    @property
    def path(self) -> str:
        """Its address on this server; `Files.public_address` makes it the world's."""
        return f"/media/{self.name}"

    @property
    def key(self) -> str:
        """Its key in the files."""
        return content_key("media", self.content_hash, f"-{self.width}.{self.kind}")


def read_name(name: str) -> Rendering | None:
    """The rendering that `name` asks for; None for anything that is no name of one."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    kind: Kind = "webp" if found[3] == "webp" else "jpg"
    return Rendering(found[1], int(found[2]), kind)
