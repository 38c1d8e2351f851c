"""Tries the controls, or writes docs/guarantees.md from them.

python -m tests.guarantees.controls run [area ...] [-k text] [-j 2]
python -m tests.guarantees.controls table
"""

import argparse
import queue
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from tests.guarantees.controls import table
from tests.guarantees.controls.entries import Area, BrokenEntry, Control, areas
from tests.guarantees.controls.trial import Copy, Outcome, Verdict, telling_line, try_out


def main(arguments: Sequence[str]) -> int:
    """0 where every control was caught."""
    asked = _asked(arguments)
    try:
        known = areas()
    except BrokenEntry as error:
        _say(f"{Verdict.BROKEN.value} {error}")
        return 1
    if asked.what == "table":
        table.write(known)
        return 0
    wanted = _wanted(known, asked.area, asked.k)
    if not wanted:
        _say("no control is meant by that; areas: " + ", ".join(area.name for area in known))
        return 1
    return _run(wanted, asked.j)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="controls", description=__doc__)
    parser.add_argument("what", choices=["run", "table"])
    parser.add_argument("area", nargs="*", help="only these files of controls")
    parser.add_argument("-k", default="", help="only promises, guards or tests with this text")
    parser.add_argument("-j", type=int, default=2, help="how many at once")
    return parser.parse_args(arguments)


def _wanted(known: Iterable[Area], names: Sequence[str], text: str) -> list[Control]:
    return [
        control
        for area in known
        if not names or area.name in names
        for control in area.controls
        if text.lower() in f"{control.promise} {control.edits} {control.test}".lower()
    ]


def _run(wanted: Sequence[Control], at_once: int) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="controls-", ignore_cleanup_errors=True) as folder:
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(at_once):
            copies.put(Copy(Path(folder) / f"copy{number}"))
        by_file = groupby(sorted(wanted, key=_file), key=_file)
        with ThreadPoolExecutor(at_once) as pool:
            parts = pool.map(lambda part: _of_one_file(part, copies), [list(p) for _, p in by_file])
            outcomes = [outcome for part in parts for outcome in part]
    return _close(outcomes, time.monotonic() - began)


def _of_one_file(controls: Sequence[Control], copies: "queue.SimpleQueue[Copy]") -> list[Outcome]:
    """First the tests as they are, which must pass; then each without its guard."""
    copy = copies.get()
    outcomes = []
    try:
        failing = _failing(sorted({control.test for control in controls}), copy)
        for control in controls:
            if control.test in failing:
                told = f"{control.test} fails with its guard: {failing[control.test]}"
                outcomes.append(Outcome(control, Verdict.BROKEN, told))
            else:
                outcomes.append(try_out(control, copy))
            _say(str(outcomes[-1]))
    finally:
        copies.put(copy)
    return outcomes


def _failing(tests: Sequence[str], copy: Copy) -> dict[str, str]:
    """Tests that fail although nothing was taken out, and what they say."""
    code, printed = copy.run(tests)
    if code == 0:
        return {}
    if len(tests) == 1:
        return {tests[0]: telling_line(printed)}
    return {test: told for one in tests for test, told in _failing([one], copy).items()}


def _close(outcomes: Sequence[Outcome], seconds: float) -> int:
    bad = [outcome for outcome in outcomes if outcome.verdict is not Verdict.CAUGHT]
    _say(f"\n{len(outcomes) - len(bad)} of {len(outcomes)} guards are noticed ({seconds:.0f} s)")
    for outcome in bad:
        _say(str(outcome))
    return 1 if bad else 0


def _file(control: Control) -> str:
    return control.test_file


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
