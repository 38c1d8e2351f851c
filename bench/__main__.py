"""`make bench`: what a case costs on a stack of its own, beside the floor of the same run.

`python -m bench --only open-to-assigned,lives --rounds 2` measures those sections alone, shows
them and writes nothing.
"""

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from bench import report, sections
from bench.bed import Bed, made
from bench.figures import Figure
from bench.sizes import SIZES, Size

SECTIONS: Mapping[str, Callable[[Bed], Iterator[Figure]]] = {
    "open-to-assigned": sections.opened_to_assigned,
    "lives": sections.lives,
}


def main(arguments: Sequence[str]) -> int:
    """Measures, shows, and writes the figures where all were measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", help=f"some of: {','.join(SECTIONS)}")
    parser.add_argument("--rounds", type=int, help="how often ours and the floor take turns")
    asked = parser.parse_args(arguments)
    names = asked.only.split(",") if asked.only else list(SECTIONS)
    if strangers := set(names) - SECTIONS.keys():
        parser.error(f"no section {min(strangers)}")
    seed = int(os.environ.get("SEED", "0"))
    named = os.environ.get("SIZE", "full")
    size = SIZES[named]
    if asked.rounds:
        size = dataclasses.replace(size, rounds=asked.rounds)
    console = Console(highlight=False)
    found = measure(names, size, seed, console)
    if not asked.only:
        report.write(report.as_json(found, {"size": named, "seed": seed}))
        console.print(f"written to {report.RESULT}")
    return 0


def measure(names: Sequence[str], size: Size, seed: int, console: Console) -> list[Figure]:
    """The figures of some sections, each shown as soon as it is known."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, made(Path(folder), size, seed) as bed:
        for name in names:
            figures = list(SECTIONS[name](bed))
            report.show(figures, console)
            found += figures
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
