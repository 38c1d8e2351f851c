"""`amends verify`, called as operations call it: the same command, its exit code, its findings."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.life import WORDS
from deploy.local.processes import OBSERVED
from deploy.local.stack import Stack

_COMMAND = (sys.executable, "-c", "from amends.cli import main; main()", "verify", "--json")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it said."""

    code: int
    findings: dict[str, int]
    """How many, by check."""
    looked_at: dict[str, int]
    """How many things, by check."""
    told: tuple[str, ...]
    """The findings, and what was not looked at."""


def verify(stack: Stack, acknowledged: Path) -> Verdict:
    """Looks at everything once, with the client's own journal, and for what people said."""
    words = acknowledged.with_name("words")
    words.write_text("\n".join(WORDS))
    where = [argument for place in _places(stack) for argument in ("--in", place)]
    done = subprocess.run(
        [*_COMMAND, "--acknowledged", str(acknowledged), "--words", str(words), *where],
        env={**os.environ, **stack.env()},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        checks: list[dict[str, Any]] = json.loads(done.stdout)["checks"]
    except (ValueError, KeyError):
        return Verdict(done.returncode or -1, {}, {}, (done.stdout + done.stderr,))
    return Verdict(
        code=done.returncode,
        findings={one["name"]: len(one["findings"]) + one["unlisted"] for one in checks},
        looked_at={one["name"]: sum(each["count"] for each in one["looked"]) for one in checks},
        told=tuple(line for one in checks for line in _lines(one)),
    )


def _places(stack: Stack) -> Iterator[str]:
    """Where somebody could read beside the stores: logs, what the servers keep, metrics."""
    yield from map(str, (stack.home.logs, stack.home.data / "kafka", stack.home.data / "temporal"))
    for part in OBSERVED:
        yield f"http://{stack.ports.address(f'{part}-metrics')}/metrics"


def _lines(check: dict[str, Any]) -> list[str]:
    name = f"amends verify, {check['name']}"
    return [
        *(f"{name}: {_about(one)}: {one['what']}" for one in check["findings"]),
        *(f"{name}: not looked at: {problem}" for problem in check["unchecked"]),
    ]


def _about(finding: dict[str, Any]) -> str:
    keys = ("wrong", "service", "stream", "version", "about")
    return " ".join(str(finding[key]) for key in keys if finding.get(key))
