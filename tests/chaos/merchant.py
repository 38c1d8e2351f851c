"""Fault 3: the merchant does the refund and loses the answer, answers twice, hangs, or is down.

Every refund is paid once all the same.

Services reach it over a line that breaks on command (`tests.faults`).
"""

import threading
from dataclasses import replace
from pathlib import Path

from deploy.local.part import Part
from deploy.local.ports import Ports
from tests.chaos.scene import Scene
from tests.chaos.stack import ArmedStack
from tests.faults import AnswerLost, Down, Fault, Line, Slow, Twice

NAME = "merchant"
ASKED = ("CreateRefund", "GetRefund", "IssueCredit", "CreateReplacement")
FAULTS: tuple[Fault, ...] = (
    AnswerLost(),
    Twice(),
    AnswerLost(hangs=True),
    Down(),
    Slow(1.0),
)
_SLICE = 0.5
_CALLERS = ("intake", "resolution")


class LinedStack(ArmedStack):
    """The merchant is reached over a line."""

    def __init__(self, home: Path, ports: Ports) -> None:
        super().__init__(home, ports)
        self.line = Line(ports.address("commerce"))

    def up(self, *, within: float = 120.0) -> bool:
        """The line first: it has its port, and passes when the merchant is there."""
        self.line.__enter__()
        return super().up(within=within)

    def down(self) -> list[str]:
        """The line last."""
        stopped = super().down()
        self.line.__exit__()
        return stopped

    def parts(self) -> dict[str, Part]:
        """Those who call the merchant call the line."""
        told = {"AMENDS_COMMERCE_ADDRESS": self.line.address}
        return {
            name: replace(part, environment={**part.environment, **told})
            if name in _CALLERS
            else part
            for name, part in super().parts().items()
        }


def play(scene: Scene, seconds: float, down: float) -> None:
    """Faults by the seed for so long, then nobody answers for so long."""
    assert isinstance(scene.stack, LinedStack)
    line, pause = scene.stack.line, threading.Event()
    for _ in range(int(seconds / _SLICE)):
        rpc, fault = scene.random.choice(ASKED), scene.random.choice(FAULTS)
        line.breaks(rpc, fault)
        scene.faults[f"{rpc}: {type(fault).__name__}"] += 1
        pause.wait(_SLICE)
    for rpc in ASKED:
        line.stays(rpc, Down())
    scene.faults[f"merchant down for {down:.0f} s"] += 1
    pause.wait(down)
    line.heals()
