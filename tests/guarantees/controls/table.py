"""The table: docs/guarantees.md, written from the controls' files and never by hand."""

from collections.abc import Iterable
from pathlib import Path

from deploy.local.home import CHECKOUT
from tests.guarantees.controls.entries import Area, Control

FILE = CHECKOUT / "docs" / "guarantees.md"
_MOST = 160  # characters of what a test printed
_OPENING = """\
# Guarantees

What Amends promises, what keeps each promise, and how we know. A test that cannot fail proves
nothing: so every promise has a **control**. The guard that keeps it is taken out of a copy of the
code, its test is run, and the test must fail. The last column is what it printed then.

`make controls` tries all of them anew (`make controls of="log wire"` some); it copies the
checkout first and changes nothing in it. Written from `tests/guarantees/controls/*.toml` by
`python -m tests.guarantees.controls table`; every `make check` looks whether each guard and each
test is still there.
"""


def page(areas: Iterable[Area]) -> str:
    """The whole file."""
    told = [area for area in areas if area.controls]
    contents = "\n".join(
        f"- [{area.title}](#{_anchor(area.title)}): {_count(area)}" for area in told
    )
    return "\n".join([_OPENING, f"{contents}\n", *(_chapter(area) for area in told)])


def write(areas: Iterable[Area], file: Path = FILE) -> None:
    """Writes docs/guarantees.md."""
    file.write_text(page(areas))


def _chapter(area: Area) -> str:
    lines = [f"## {area.title}", ""]
    if area.about:
        lines += [area.about, ""]
    lines += ["| promise | guard | test | without the guard |", "|---|---|---|---|"]
    lines += [_row(control) for control in area.controls]
    return "\n".join([*lines, ""])


def _row(control: Control) -> str:
    guards = dict.fromkeys(edit.guard for edit in control.edits)
    cells = (
        _plain(control.promise),
        "<br>".join(f"[{guard}](../{guard})" for guard in guards),
        f"[{control.test_name.removeprefix('test_').replace('_', ' ')}](../{control.test_file})",
        _code(control.printed),
    )
    return f"| {' | '.join(cells)} |"


def _plain(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def _code(words: str) -> str:
    line = " ".join(words.split())
    short = line if len(line) <= _MOST else f"{line[: _MOST - 4]} ..."
    return f"`{short.replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _count(area: Area) -> str:
    number = len(area.controls)
    return f"{number} promise{'' if number == 1 else 's'}"


def _anchor(title: str) -> str:
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -")
    return kept.replace(" ", "-")
