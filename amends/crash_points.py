"""Crash points: where a test may have this process die or stop, beside each lasting effect.

    crash_point("publish.before")

does nothing, unless the setting AMENDS_CRASH_POINTS names a folder and a file of that name lies in
it: then the file is removed and the process kills itself, as if its machine had lost power there.
Where the file holds "stop" it is frozen there as by a long pause of its machine, and goes on when
somebody wakes it (SIGCONT). So a point that was armed is met once. Each process has a folder of its
own.
"""

import os
import signal
from functools import cache
from pathlib import Path

from amends.settings import Settings

STOP = "stop"
"""What an armed point's file holds where the process is to be frozen, not to die."""


def crash_point(name: str) -> None:
    """Ends or stops the process here where somebody armed the point; else nothing."""
    folder = _folder()
    if folder is None:
        return
    point = folder / name
    try:
        wanted = point.read_text()
        point.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGSTOP if wanted == STOP else signal.SIGKILL)


@cache
def _folder() -> Path | None:
    return Settings().crash_points
