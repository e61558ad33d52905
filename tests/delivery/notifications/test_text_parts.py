"""The text parts of mails: every word is translated, and each HTML part has one."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from pasar.kernel.i18n import PACKAGE_ROOT, translator

TEMPLATES = sorted(PACKAGE_ROOT.glob("*/*/templates/mail/*"))
TEXTS = [path for path in TEMPLATES if path.suffix == ".txt"]
FRAMES = {"layout", "parts"}
# Written alike in both languages.
ALIKE = {"Total"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(PACKAGE_ROOT)))
def test_every_message_is_translated(path: Path) -> None:
    tree = Environment(autoescape=False).parse(path.read_text("utf-8"))
    found = [message for _, _, message in extract_from_ast(tree, ("_",))]
    messages = [message if isinstance(message, str) else (message or (None,))[0] for message in found]

    assert messages
    for message in messages:
        if message is None:
            continue  # the words come from a variable, marked with N_ where they are written
        assert message in translator("id").singular, message
        assert message in ALIKE or translator("id").gettext(message) != message


def test_both_parts_exist() -> None:
    names = {
        suffix: {
            str(path.with_suffix(""))
            for path in TEMPLATES
            if path.suffix == suffix and path.stem not in FRAMES
        }
        for suffix in (".html", ".txt")
    }

    assert names[".html"] == names[".txt"]
    assert len(names[".txt"]) >= 5
