"""Fault 2, a storm: random kill -9 of any process, servers with them, one every second or two."""

import threading
import time

from tests.chaos.scene import Scene
from tests.chaos.stack import OURS, SERVERS

NAME = "storm"
PAUSES = (1.0, 2.0)
"""Seconds between two kills, at the least and at the most."""


def play(scene: Scene, kills: int, pauses: tuple[float, float] = PAUSES) -> None:
    """So many kills, by a schedule that the seed decides; what does not run yet is passed over."""
    scene.one_by_one = False
    done, pause = 0, threading.Event()
    limit = time.monotonic() + 4 * kills * pauses[1]
    while done < kills and time.monotonic() < limit:
        part = scene.random.choice((*OURS, *SERVERS))
        between = scene.random.uniform(*pauses)
        done += scene.kill(part)
        pause.wait(between)
