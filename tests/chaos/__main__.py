"""`make chaos`: every scenario on a stack of its own, under load, seeded; the records of a run.

python -m tests.chaos [SCENARIO ...] [--seed N] [--publish]
python -m tests.chaos --table
"""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.record import RESULTS, CannotPlay, Record, percentile
from tests.chaos.scenarios import ALL
from tests.chaos.table import publish, write

_LATEST = RESULTS / "latest.jsonl"


def main(arguments: Sequence[str]) -> int:
    """0 where nothing was lost, nothing was done twice and nothing else was wrong."""
    asked = _asked(arguments)
    if asked.table:
        write()
        return 0
    seed = asked.seed or secrets.randbelow(1_000_000) + 1
    _say(f"seed {seed}; the same schedules again: make chaos SEED={seed}")
    wrong = 0
    for name in asked.scenario or ALL:
        try:
            record = _played(name, seed)
        except CannotPlay as reason:
            _say(f"{name}: not played: {reason}")
            continue
        wrong += bool(record.wrong)
        if asked.publish:
            publish(name, record)
    return int(wrong > 0)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"of {', '.join(ALL)}; all by default")
    parser.add_argument("--seed", type=int, default=0, help="repeats a schedule; else a new one")
    parser.add_argument("--publish", action="store_true", help="into docs/reliability.md")
    parser.add_argument("--table", action="store_true", help="only write that page anew")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.scenario) - set(ALL)):
        parser.error(f"there is no scenario {', '.join(unknown)}; there are {', '.join(ALL)}")
    return asked


def _played(name: str, seed: int) -> Record:
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        record = ALL[name](seed, Path(folder) / "stack")
    record.append(_LATEST)
    recovery = record.recovery_ms
    _say(
        f"{record.scenario}: {record.kills} kills, {record.acknowledged} cases acknowledged, "
        f"{record.ended} lives ended, {record.lost} lost, {record.double} double; recovery p50 "
        f"{percentile(recovery, 0.5)} ms, p99 {percentile(recovery, 0.99)} ms; {record.took_s} s"
    )
    for what in record.wrong:
        _say(f"  WRONG {what}")
    return record


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
