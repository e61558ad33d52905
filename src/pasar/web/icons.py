"""The icons: drawn for Pasar on a 24-unit grid, 1.75 units of stroke, round ends; one path each."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

PATHS: dict[str, str] = {
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20 20",
    "cart": "M5 9h14l-1.2 9.2a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8L5 9ZM9 9V7.5a3 3 0 0 1 6 0V9",
    "person": "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM4.5 20c.8-3.6 3.7-5.5 "
    "7.5-5.5s6.7 1.9 7.5 5.5",
    "menu": "M4 7h16M4 12h16M4 17h10",
    "close": "M6 6l12 12M18 6 6 18",
    "check": "M5 12.5 10 17.5 19 7",
    "chevron": "M8 10l4 4 4-4",
    "arrow-right": "M5 12h14M13.5 6.5 19 12l-5.5 5.5",
    "arrow-left": "M19 12H5M10.5 6.5 5 12l5.5 5.5",
    "sort-up": "M12 18V6M7 11l5-5 5 5",
    "sort-down": "M12 6v12M7 13l5 5 5-5",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "trash": "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    "info": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5.5M12 7.6v.2",
    "warning": "M12 4 21 19.5H3L12 4ZM12 10v4.5M12 17v.2",
    "truck": "M3 6.5h11v9.5H3zM14 10h4l3 3.2V16h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM17 19a2 2 0 1 0 "
    "0-4 2 2 0 0 0 0 4Z",
    "box": "M4 8l8-4 8 4v8.5l-8 4-8-4V8ZM4 8l8 4 8-4M12 12v8.5",
    "tag": "M4 4.5h7.5L20 13l-7 7-8.5-8.5L4 4.5ZM8.3 8.3v.2",
    "globe": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c2.3 2.3 3.5 5.1 3.5 "
    "8.5s-1.2 6.2-3.5 8.5M12 3.5C9.7 5.8 8.5 8.6 8.5 12s1.2 6.2 3.5 8.5",
    "home": "M4 11.5 12 4.5l8 7M6.5 10v9.5h11V10M10 19.5V14h4v5.5",
    "list": "M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.5 6.5v.1M4.5 12v.1M4.5 17.5v.1",
    "chart": "M4.5 4v15.5H20M8.5 16v-4M12.5 16V8M16.5 16v-6",
    "gear": "M4 7h9M17 7h3M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM20 17h-9M7 17H4M9 19.2a2.2 "
    "2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
    "heart": "M12 19.5C6.5 15.8 4 12.8 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3c0 3.5-2.5 6.5-8 10.2Z",
    "star": "M12 4.2l2.4 5 5.5.7-4 3.8 1 5.5-4.9-2.7-4.9 2.7 1-5.5-4-3.8 5.5-.7 2.4-5Z",
    "clock": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "edit": "M5 19l.8-4L15.5 5.3a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L9 18.2 5 19Z",
}


@cache
def icon(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers: words beside it say what it means.

    Raises ``KeyError`` for an unknown name.
    """
    svg = (
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        f'focusable="false"><path d="{PATHS[name]}"/></svg>'
    )
    return Markup(svg)  # noqa: S704 - our own constant text, nothing from outside
