"""Entries: what the controls' files say, and whether it still fits the code.

A control is a promise, the guard that keeps it, what the code says without the guard, and the test
that must fail then.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT

FOLDER = Path(__file__).parent
_WORDS = ("promise", "test", "printed")
_EDIT = ("guard", "old", "new")


class BrokenEntry(ValueError):
    """A file of controls says something that no control is; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Edit:
    """How a guard is taken out: `old` stands once in the file `guard` and becomes `new`."""

    guard: str
    old: str
    new: str

    def applied(self, text: str) -> str:
        """The file's text without the guard.

        Raises:
            BrokenEntry: `old` does not stand in it exactly once.
        """
        if (count := text.count(self.old)) != 1 or not self.old.strip():
            msg = f"{self.guard} holds the text of the guard {count} times, not once: {self.old!r}"
            raise BrokenEntry(msg)
        return text.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Control:
    """One promise with its guard and its test; `printed` is what the test said without it."""

    area: str
    promise: str
    edits: tuple[Edit, ...]
    test: str
    printed: str

    @property
    def test_file(self) -> str:
        """The file that the test stands in."""
        return self.test.partition("::")[0]

    @property
    def test_name(self) -> str:
        """The test's function, without its parameters."""
        return self.test.partition("::")[2].partition("[")[0]


@dataclass(frozen=True, slots=True)
class Area:
    """One file of controls: its name, how its chapter is called, and what stands above it."""

    name: str
    title: str
    about: str
    controls: tuple[Control, ...]


def areas(folder: Path = FOLDER) -> tuple[Area, ...]:
    """Every area, by name.

    Raises:
        BrokenEntry: a file is no TOML, or an entry lacks a word or has one too many.
    """
    return tuple(read(file) for file in sorted(folder.glob("*.toml")))


def read(file: Path) -> Area:
    """One file of controls."""
    try:
        said = tomllib.loads(file.read_text())
    except tomllib.TOMLDecodeError as error:
        msg = f"{file.name}: {error}"
        raise BrokenEntry(msg) from error
    _only(said, {"title", "about", "control"}, file.name)
    found = (
        _control(entry, file.stem, f"{file.name}, control {number}")
        for number, entry in enumerate(said.get("control", ()), 1)
    )
    return Area(
        name=file.stem,
        title=said.get("title", file.stem.replace("_", " ").capitalize()),
        about=said.get("about", "").strip(),
        controls=tuple(found),
    )


def problems(control: Control, root: Path = CHECKOUT) -> list[str]:
    """Why this control cannot be tried as it is written; empty where it can."""
    return [*_problems_of_edits(control.edits, root), *_problems_of_test(control, root)]


def _problems_of_edits(edits: Iterable[Edit], root: Path) -> list[str]:
    found = []
    texts: dict[str, str] = {}
    for edit in edits:
        file = root / edit.guard
        if not file.is_file():
            found.append(f"there is no file {edit.guard}")
            continue
        try:
            texts[edit.guard] = edit.applied(texts.get(edit.guard) or file.read_text())
        except BrokenEntry as error:
            found.append(str(error))
    return found + [
        f"{guard}: {why}" for guard, text in texts.items() if (why := _no_code(guard, text))
    ]


def _no_code(guard: str, text: str) -> str:
    """Why the file would not even be read without its guard; empty where it would."""
    if not guard.endswith(".py"):
        return ""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return f"without the guard it is no Python ({error.msg}, line {error.lineno})"
    return ""


def _problems_of_test(control: Control, root: Path) -> list[str]:
    file = root / control.test_file
    if not file.is_file():
        return [f"there is no file {control.test_file}"]
    function = re.compile(rf"^(async )?def {re.escape(control.test_name)}\(", re.MULTILINE)
    if not function.search(file.read_text()):
        return [f"there is no test {control.test_name!r} in {control.test_file}"]
    return []


def _control(entry: Mapping[str, Any], area: str, where: str) -> Control:
    edits = entry.get("edits") or [{key: entry.get(key) for key in _EDIT}]
    _only(entry, {*_WORDS, *(("edits",) if "edits" in entry else _EDIT)}, where)
    for key in _WORDS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            msg = f"{where}: {key} is missing"
            raise BrokenEntry(msg)
    made = tuple(_edit(edit, where) for edit in edits)
    return Control(
        area, entry["promise"].strip(), made, entry["test"].strip(), entry["printed"].strip()
    )


def _edit(said: Mapping[str, Any], where: str) -> Edit:
    _only(said, set(_EDIT), where)
    for key in _EDIT:
        if not isinstance(said.get(key), str):
            msg = f"{where}: {key} is missing"
            raise BrokenEntry(msg)
    return Edit(said["guard"], said["old"], said["new"])


def _only(said: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(said) - known):
        msg = f"{where}: nothing is known of {', '.join(unknown)}"
        raise BrokenEntry(msg)
