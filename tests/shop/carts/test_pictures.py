"""Which file shows a line's goods, and how large is it?"""

from __future__ import annotations

import pytest

from pasar.shop.carts.queries import LinePicture
from pasar.shop.carts.views import picture_view


@pytest.mark.parametrize(
    ("original", "widths", "shown"),
    [
        ((1600, 2000), [480, 960, 1600], (480, 600)),
        ((1600, 2000), [240, 480], (240, 300)),
        ((200, 100), [200], (200, 100)),
        ((3000, 2), [480], (480, 1)),
        ((1001, 667), [480], (480, 320)),
    ],
)
def test_a_picture_tells_the_size_of_the_file_that_it_names(
    original: tuple[int, int], widths: list[int], shown: tuple[int, int]
) -> None:
    view = picture_view(LinePicture("abc", *original, "A mug", "#aabbcc", widths))
    assert view is not None
    assert (view.url, (view.width, view.height)) == (f"/media/abc-{shown[0]}.jpg", shown)
