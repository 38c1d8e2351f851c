"""Trials: a guard is taken out in a copy of the checkout and its test run there; it must fail."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from deploy.local.home import CHECKOUT
from tests.guarantees.controls.entries import BrokenEntry, Control

_LONGEST = 900.0  # seconds for one run of pytest
_FAILED = 1  # pytest's exit code where tests ran and some failed
_NEVER_RAN = re.compile(r"\b(ImportError|ModuleNotFoundError|SyntaxError|NameError)\b")
_TELLING = re.compile(r"^E {3,}(?P<said>\S.*)$", re.MULTILINE)
_SUMMARY = re.compile(r"^(?:FAILED|ERROR) \S+(?: - (?P<said>.*))?$", re.MULTILINE)


class Verdict(Enum):
    """How a control went."""

    CAUGHT = "ok"
    NOT_CAUGHT = "NOT CAUGHT"
    BROKEN = "BROKEN ENTRY"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a control showed, and the line that tells it."""

    control: Control
    verdict: Verdict
    told: str

    def __str__(self) -> str:
        what = f"{self.control.area}: {self.control.promise}"
        return f"{self.verdict.value:<12} {what}\n{'':13}{self.told}"


class Copy:
    """A copy of the checkout's sources, tracked and not yet tracked, to take guards out of."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._scratch = root.with_name(f"{root.name}.tests")
        for name in _sources():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, root / name)
        (root / ".venv").symlink_to(CHECKOUT / ".venv")

    def run(self, tests: Sequence[str]) -> tuple[int, str]:
        """The exit code of pytest and what it printed; -1 where it did not end in time."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        with subprocess.Popen(
            [*command, f"--basetemp={self._scratch}", *tests],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as running:
            try:
                printed, _ = running.communicate(timeout=_LONGEST)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                return -1, f"E   not over after {_LONGEST:.0f} s"
        return running.returncode, printed

    @contextmanager
    def without(self, control: Control) -> Iterator[None]:
        """The copy with the control's guard taken out; put back at the end."""
        before: dict[Path, str] = {}
        try:
            for edit in control.edits:
                file = self.root / edit.guard
                text = file.read_text()
                before.setdefault(file, text)
                _put(file, edit.applied(text))
            yield
        finally:
            for file, text in before.items():
                _put(file, text)


def try_out(control: Control, copy: Copy) -> Outcome:
    """Takes the guard out, runs the test, and says what that showed."""
    try:
        with copy.without(control):
            code, printed = copy.run([control.test])
    except (BrokenEntry, OSError) as error:
        return Outcome(control, Verdict.BROKEN, str(error))
    return judged(control, code, printed)


def judged(control: Control, code: int, printed: str) -> Outcome:
    """What pytest's end says about a control.

    A test that could not even be collected has proved nothing, unless that is what the entry says
    it prints.
    """
    told = telling_line(printed)
    if code == 0:
        return Outcome(control, Verdict.NOT_CAUGHT, f"{control.test} passes without the guard")
    never_ran = _NEVER_RAN.search(told)
    expected = never_ran is not None and never_ran.group() in control.printed
    if (code != _FAILED or never_ran) and not expected:
        return Outcome(
            control, Verdict.BROKEN, f"the test did not run (pytest ended {code}): {told}"
        )
    return Outcome(control, Verdict.CAUGHT, told)


def telling_line(printed: str) -> str:
    """The line of pytest's output that says what went wrong."""
    for pattern in (_TELLING, _SUMMARY):
        said = [found["said"] for found in pattern.finditer(printed) if found["said"]]
        if said:
            return said[0].strip()
    lines = [line for line in printed.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "nothing was printed"


def _sources() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (CHECKOUT / name).is_file()]


def _put(file: Path, text: str) -> None:
    """Writes a source so that no byte code of its former text is taken for it."""
    file.write_text(text)
    for stale in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
        stale.unlink(missing_ok=True)
