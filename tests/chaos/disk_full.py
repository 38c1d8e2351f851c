"""Fault 7: the disk of PostgreSQL or of Kafka is full for a while.

Nobody is told OK for what is not stored, and all goes on without hands once there is space again.
The disk is a small one in memory, which only root can mount; else the scenario says so.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.chaos.record import CannotPlay, Record
from tests.chaos.scene import Scene, under_load

NAME = "disk-full"
MEGABYTES = {"postgres": 600, "kafka": 150}
_PAUSE = 0.5
_BLOCK = b"\0" * 65_536


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A disk of its own for one folder."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Nothing more fits on it, also of what was freed since."""
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as filler:
            while filler.write(_BLOCK):
                pass
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as filler:
            while filler.write(b"\0"):
                pass

    def free(self) -> None:
        """There is space again."""
        self._filler.unlink()


def scenario(part: str, seconds: float, seed: int, home: Path) -> Record:
    """The disk of one part is full for so long, under load."""
    with _mounted(home / "data" / part, MEGABYTES[part]) as disk:
        played = partial(play, disk=disk, part=part, seconds=seconds)
        return under_load(f"{NAME}-{part}", seed, home, played)


def play(scene: Scene, disk: SmallDisk, part: str, seconds: float) -> None:
    """Full for so long; what of the part's work is missing until when stands in the record."""
    scene.faults[f"{part}: disk full for {seconds:.0f} s"] += 1
    pause, ends = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < ends:
        disk.fill()
        pause.wait(_PAUSE)
    disk.free()
    scene.recoveries.after(part, f"{part}: disk full", time.monotonic())


@contextlib.contextmanager
def _mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        raise CannotPlay("only root can mount a small disk")
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotPlay(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - the system's
