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

from bench import arriving, growth, report, sections, writing
from bench.bed import IN_FLIGHT, Bed, made
from bench.figures import Figure
from bench.sizes import SIZES, Size


def long_life(bed: Bed) -> Iterator[Figure]:
    """Memory, after LIVES more lives where so many are asked for."""
    more = int(os.environ.get("LIVES", "0"))
    while more > 0:
        bed.live(min(more, bed.size.lives), IN_FLIGHT)
        bed.note_memory()
        more -= bed.size.lives
    bed.note_memory()
    yield from sections.memory(bed)


SECTIONS: Mapping[str, Callable[[Bed], Iterator[Figure]]] = {
    "open-to-assigned": sections.opened_to_assigned,
    "lives": sections.lives,
    "commands": writing.commands,
    "appends": writing.appends,
    "events": arriving.events,
    "memory": long_life,
    "growth": growth.growth,
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
    with tempfile.TemporaryDirectory() as folder:
        found = measure(names, size, seed, console, Path(folder))
    if not asked.only:
        report.write(report.as_json(found, {"size": named, "seed": seed}))
        console.print(f"written to {report.RESULT}")
    return 0


def measure(
    names: Sequence[str], size: Size, seed: int, console: Console, home: Path
) -> list[Figure]:
    """The figures of some sections on a new stack, each shown as soon as it is known."""
    found: list[Figure] = []
    with made(home, size, seed) as bed:
        for name in names:
            figures = list(SECTIONS[name](bed))
            report.show(figures, console)
            found += figures
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
