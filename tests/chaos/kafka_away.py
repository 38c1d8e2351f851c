"""Fault 4: Kafka is stopped for a while, with or without all that it kept.

Whoever opens a case meanwhile is not refused; afterwards everything is published, what a wiped
Kafka had as well, without hands.
"""

import time

from amends.settings import Settings
from tests.chaos import ledger
from tests.chaos.resting import Resting
from tests.chaos.scene import Scene


def play(scene: Scene, seconds: float, *, wiped: bool) -> None:
    """Away for so long; how long the outboxes take to drain stands beside the recoveries."""
    fault = "Kafka stopped and wiped" if wiped else f"Kafka stopped for {seconds:.0f} s"
    with Resting(scene) as resting:
        opened = resting.open_without("kafka", seconds, fault, wiped=wiped)
        back = time.monotonic()
        ledger.wait_drained(Settings.of(scene.stack.env()))
        scene.recoveries.took.setdefault("outbox drained", []).append(time.monotonic() - back)
        resting.go_on(opened, "assigned", "assigned")
        resting.wait_begun(opened)
