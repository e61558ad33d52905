"""Does every word that people see exist in every language that Pasar speaks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2 import nodes
from jinja2.ext import extract_from_ast

from pasar.kernel.i18n import PACKAGE_ROOT, catalogue_files
from pasar.web.rendering import environment

LANGUAGES = ("id",)
KEYWORDS = ("_", "N_", "gettext", "ngettext")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
SPOKEN_ATTRIBUTES = re.compile(r"\b(?:title|alt|placeholder|aria-label)=\"([^\"]*)\"")
# What needs no translation: the name of the product itself, and marks that are no words.
ALLOWED = {"Pasar", "SKU", "ID"}
# A piece of an attribute in a macro or block of its own, and an address, are no words.
MACHINE_WORDS = re.compile(r"\b(?:aria|data)-[\w-]+(?:=\"[\w-]*\"?)?|(?<!\w)-[a-z]+|(?<!\S)/[\w/.-]+")

MessageId = str | tuple[str, str]


def templates() -> list[Path]:
    return sorted(PACKAGE_ROOT.glob("**/templates/**/*.html"))


@cache
def messages() -> dict[MessageId, str]:
    """Every message in templates and sources, with a place where it stands."""
    found: dict[MessageId, str] = {}
    for path in templates():
        tree = environment().parse(path.read_text("utf-8"))
        for line, _, message in extract_from_ast(tree, KEYWORDS):
            if message is None or not any(message):
                continue  # the words come from a variable, marked with N_ where they are written
            found.setdefault(as_id(message), f"{path.relative_to(PACKAGE_ROOT)}:{line}")
    for path in sorted(PACKAGE_ROOT.glob("**/*.py")):
        with path.open("rb") as stream:
            for line, keyword, words, _ in extract_python(stream, dict.fromkeys(KEYWORDS), (), {}):
                if keyword and words and any(words):
                    found.setdefault(
                        as_id(tuple(words) if isinstance(words, list | tuple) else words),
                        f"{path.relative_to(PACKAGE_ROOT)}:{line}",
                    )
    return found


def as_id(message: str | tuple[str | None, ...]) -> MessageId:
    if isinstance(message, str):
        return message
    words = [part for part in message if part is not None]
    return words[0] if len(words) == 1 else (words[0], words[1])


@cache
def catalogue(language: str) -> dict[MessageId, Message]:
    entries: dict[MessageId, Message] = {}
    for path in catalogue_files(language):
        with path.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id:
                    key = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
                    entries.setdefault(key, message)
    return entries


def forms(message: Message) -> list[str]:
    return [message.string or ""] if isinstance(message.string, str) else list(message.string or [""])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = {text: place for text, place in messages().items() if text not in known}
    unsure = [
        text for text in messages() if text in known and (known[text].fuzzy or not all(forms(known[text])))
    ]
    assert not missing, f"add these to a locale/{language}.po: {missing}"
    assert not unsure, f"empty or fuzzy in locale/{language}.po: {unsure}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language: str) -> None:
    """The plural form names what the singular may leave out ("One thing"), never more."""
    wrong = []
    for text, message in catalogue(language).items():
        wanted = set(PLACEHOLDER.findall(text if isinstance(text, str) else text[1]))
        wrong += [(text, form) for form in forms(message) if set(PLACEHOLDER.findall(form)) != wanted]
    assert not wrong


def literal_words(source: str) -> Iterator[str]:
    """Human-readable text of a template that stands outside of ``_()``."""
    data = [node.data for node in environment().parse(source).find_all(nodes.TemplateData)]
    # A mark where an expression stood, so that a tag split by one is still seen as one tag.
    joined = "\x00".join(data)
    texts = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^<>]*>", "\n", joined, flags=re.DOTALL)
    attributes = SPOKEN_ATTRIBUTES.findall(joined)
    for text in (*texts.replace("\x00", "\n").splitlines(), *attributes):
        words = MACHINE_WORDS.sub(" ", re.sub(r"&\w+;", " ", text.replace("\x00", " "))).strip(" \t·–—:/|")
        if re.search(r"[^\W\d_]{2,}", words) and words not in ALLOWED:
            yield words


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(PACKAGE_ROOT)))
def test_templates_speak_only_through_the_catalogue(path: Path) -> None:
    assert list(literal_words(path.read_text("utf-8"))) == []


def test_the_scan_sees_what_it_should() -> None:
    assert list(literal_words('<p class="{{ x }}">Hello {{ name }}</p>')) == ["Hello"]
    assert list(literal_words('<img alt="A cat" class="wide">')) == ["A cat"]
    assert (
        list(
            literal_words('{% if x %}<a href="/a" title="{{ _("Hi") }}">{{ _("Hi") }}</a>{% endif %} Pasar ·')
        )
        == []
    )


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(PACKAGE_ROOT)))
def test_templates_obey_the_content_security_policy(path: Path) -> None:
    """No inline style, script or handler, and nothing from another host."""
    source = path.read_text("utf-8")
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", source)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", source)
