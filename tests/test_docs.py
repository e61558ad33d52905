"""The guides say what is so: commands, settings, links, schedules, facts, figures, addresses, codes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from litestar import Litestar
from prometheus_client import REGISTRY

from pasar.cli import main
from pasar.kernel.config import SettingsError, load_settings
from pasar.kernel.events import Fact
from pasar.roles.registry import SCHEDULES, SUBSCRIBERS
from support.tree import ROOT

DOCS = ROOT / "docs"
GUIDES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
LARGEST_PICTURE = 150_000
"""Bytes: the guides are read on phones, too."""

CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"(?<![\w@-])pasar ([a-z]+)(?!\w)([^|#;)\n]*)")
OPTION = re.compile(r"(?<!\S)--[a-z-]+")
TEST = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")
REQUIREMENTS = re.compile(r"\d+\.\d+\.\d+")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"(?:^|(?<=[\s\"'])|(?<=\$API)|(?<=\$API_URL))/(?:api|health)(?:/[\w${}.-]+)*")
SETTING = re.compile(r"\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|HOST|ENVIRONMENT)\b")
METRIC = re.compile(r"\bpasar_[a-z_]+")
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)


def code_in(guide: Path) -> list[str]:
    """What stands in backticks, and the blocks."""
    return ["".join(found) for found in CODE.findall(guide.read_text("utf-8"))]


def commands_in(guide: Path) -> list[tuple[str, str]]:
    """Each `pasar <command>` with what follows on its line."""
    return [(found[1], found[2]) for code in code_in(guide) for found in COMMAND.finditer(code)]


def command_named(name: str, rest: str) -> click.Command | None:
    """The command, of a group the one that the next word names."""
    found = main.commands.get(name)
    words = rest.split()
    return found.commands.get(words[0] if words else "") if isinstance(found, click.Group) else found


@each_guide
def test_commands_and_their_options_exist(guide: Path) -> None:
    for name, rest in commands_in(guide):
        command = command_named(name, rest)
        assert command is not None, f"pasar {name}{rest}"
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert set(OPTION.findall(rest)) <= known, f"pasar {name}{rest}"


def test_every_command_is_told() -> None:
    told = {name for guide in GUIDES for name, _ in commands_in(guide)}

    assert main.commands.keys() - told == set()


class _Asked(dict[str, str]):
    """An environment that remembers what was asked for."""

    def __init__(self, given: dict[str, str], names: set[str]) -> None:
        super().__init__(given)
        self.names = names

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)


def settings_read(home: Path) -> set[str]:
    """The variables that loading the settings asks for, by whichever way."""
    asked: set[str] = set()
    production = {"PASAR_ENV": "production", "REDIS_PASSWORD": "x"}
    for given in ({}, {"HOST": "192.0.2.1", "POSTGRES_HOST": "db", "SMTP_HOST": "mail"}, production):
        try:
            load_settings(_Asked({"PASAR_HOME": str(home), **given}, asked), generate_secrets=False)
        except SettingsError:
            continue  # what it is refused for does not matter here
    return asked


def test_settings_are_those_that_are_read(tmp_path: Path) -> None:
    told = {name for code in code_in(DOCS / "settings.md") for name in SETTING.findall(code)}
    read = settings_read(tmp_path)

    assert len(read) > 20
    assert told - read == set(), "told, but nobody reads it"
    assert read - told == set(), "read, but not in docs/settings.md"


@each_guide
def test_variables_of_ours_exist(guide: Path, tmp_path: Path) -> None:
    sources = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "script").iterdir(), DOCS / "pictures" / "take.py"]
    known = settings_read(tmp_path) | {
        name
        for source in sources
        if source != Path(__file__)
        for name in re.findall(r"PASAR_\w+", source.read_text("utf-8"))
    }
    told = {name for code in code_in(guide) for name in re.findall(r"\bPASAR_[A-Z_]+", code)}

    assert told - known == set()


def anchors_of(guide: Path) -> set[str]:
    """The addresses of a guide's headings."""
    headings = re.findall(r"^#+ (.+)$", guide.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_guide
def test_links_and_pictures_exist(guide: Path) -> None:
    for link in LINK.findall(guide.read_text("utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = guide.parent / name if name else guide
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def test_the_readme_leads_to_every_guide() -> None:
    linked = {(ROOT / link).resolve() for link in LINK.findall((ROOT / "README.md").read_text("utf-8"))}

    assert set(GUIDES[1:]) - linked == set()


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(guide.read_text("utf-8") for guide in GUIDES)
    pictures = sorted((DOCS / "pictures").glob("*.webp"))

    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        assert picture.name in shown, f"{picture.name} is in no guide"


def rows_of(guide: Path) -> dict[str, list[str]]:
    """The cells of each row of each table, by what stands in the first in backticks."""
    lines = [line for line in guide.read_text("utf-8").splitlines() if line.startswith("| `")]
    return {line.split("`")[1]: [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines}


def test_schedules_are_those_of_the_registry() -> None:
    rows = rows_of(DOCS / "operator.md")
    told = {name: cells[1].strip("`") for name, cells in rows.items() if re.fullmatch(r"\w+\.\w+", name)}

    assert told == {schedule.name: schedule.cron for schedule in SCHEDULES}
    assert {schedule.zone for schedule in SCHEDULES} == {"UTC"}, "the guide says that all are UTC"


def _every(kind: type[Fact]) -> Iterator[type[Fact]]:
    for child in kind.__subclasses__():
        yield child
        yield from _every(child)


def facts() -> dict[str, type[Fact]]:
    """The facts of the product: those that have no narrower ones."""
    ours = [kind for kind in _every(Fact) if kind.__module__.startswith("pasar.")]
    return {kind.type: kind for kind in ours if not kind.__subclasses__()}


def test_facts_are_those_of_the_code() -> None:
    rows = rows_of(DOCS / "events.md")

    assert rows.keys() == facts().keys()
    for name, kind in facts().items():
        fields = [field.encode_name for field in msgspec.structs.fields(kind)]
        listeners = sorted(subscriber.name for subscriber in SUBSCRIBERS if name in subscriber.types)
        _, of_class, topic, _key, told_fields, told_listeners = rows[name]
        assert (of_class, topic) == (f"`{kind.__name__}`", f"`{kind.topic}`"), name
        assert re.findall(r"`(\w+)`", told_fields) == fields, name
        assert sorted(re.findall(r"`([\w.]+)`", told_listeners)) == listeners, name


def test_figures_are_those_that_are_kept() -> None:
    told = {name for code in code_in(DOCS / "operator.md") for name in METRIC.findall(code)}
    kept = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in REGISTRY.collect()
        if family.name.startswith("pasar_")
    }

    assert told == kept


def functions_in(path: Path) -> set[str]:
    """The names of the functions in a file, tests among them."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, functions)}


@pytest.mark.parametrize("name", ["security.md", "privacy.md"])
def test_promises_are_held_by_tests_that_exist(name: str) -> None:
    named = {found for code in code_in(DOCS / name) for found in TEST.findall(code)}

    assert len(named) > 5
    for file, test in named:
        assert (ROOT / file).exists(), file
        assert not test or test in functions_in(ROOT / file), f"{file}::{test}"


def asvs_rows() -> Iterator[tuple[list[str], list[str], str]]:
    """The rows of the security guide: the numbers, the cells, and the section that each stands in."""
    section = ""
    for line in (DOCS / "security.md").read_text("utf-8").splitlines():
        section = line if line.startswith("## ") else section
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if REQUIREMENTS.match(cells[0]) and line.startswith("|"):
            yield REQUIREMENTS.findall(cells[0]), cells, section


def test_each_requirement_has_one_line() -> None:
    """Of OWASP ASVS 5.0.0, levels 1 and 2: 253 in all."""
    wanted = (ROOT / "tests" / "support" / "asvs.txt").read_text("utf-8").split()
    told = [number for numbers, _, _ in asvs_rows() for number in numbers]

    assert len(wanted) == 253
    assert sorted(told) == sorted(wanted)


def test_each_line_that_is_said_to_be_met_names_its_test() -> None:
    for numbers, cells, section in asvs_rows():
        if section.startswith("## V"):
            assert TEST.search(cells[2]), numbers


def _is_at(address: str, template: str) -> bool:
    here, there = address.strip("/").split("/"), template.strip("/").split("/")
    return len(here) == len(there) and all(
        part == wanted or wanted.startswith("{") for part, wanted in zip(here, there, strict=True)
    )


@each_guide
def test_addresses_exist(guide: Path, app: Litestar) -> None:
    templates = {getattr(route, "path_format", route.path) for route in app.routes}

    for code in code_in(guide):
        for address in ADDRESS.findall(code):
            if address == "/api":
                continue  # all of it
            assert any(_is_at(address, template) for template in templates), address


def test_addresses_are_found_in_the_text() -> None:
    """So that the test above cannot pass by reading nothing."""
    found = {address for code in code_in(DOCS / "developer.md") for address in ADDRESS.findall(code)}

    assert {"/api/public/checkout", "/api/public/orders/$NUMBER", "/api/auth/refresh"} <= found


def test_codes_exist() -> None:
    table = [
        line for line in (DOCS / "developer.md").read_text("utf-8").splitlines() if line[:3] in {"| 4", "| 5"}
    ]
    codes = {code for line in table for code in re.findall(r"`([a-z_]+)`", line.split(" | ")[1])}
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))

    assert len(codes) > 20
    assert {code for code in codes if f'"{code}"' not in source} == set()
