"""Crash points: where a test may have this process die, beside each lasting effect.

    crash_point("publish.before")

does nothing, unless the setting AMENDS_CRASH_POINTS names a folder and a file of that name lies in
it: then the file is removed and the process kills itself, as if its machine had lost power there.
So a point that was armed is met once. Each process has a folder of its own.
"""

import os
import signal
from functools import cache
from pathlib import Path

from amends.settings import Settings


def crash_point(name: str) -> None:
    """Ends the process here where somebody armed the point; else nothing."""
    folder = _folder()
    if folder is None:
        return
    try:
        (folder / name).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@cache
def _folder() -> Path | None:
    return Settings().crash_points
