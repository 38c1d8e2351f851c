"""Fault 7: the clock of the workflows' process is an hour off; no deadline moves.

It takes its time from what the services say, they take theirs from their databases. The clock is
bent by libfaketime (Debian's `faketime`, PyPI's `libfaketime`); without it the scenario says so.
"""

import importlib.util
import threading
from dataclasses import replace
from pathlib import Path

from deploy.local.part import Part
from tests.chaos.record import CannotPlay
from tests.chaos.resting import Resting
from tests.chaos.scene import Scene
from tests.chaos.stack import ArmedStack
from tests.chaos.temporal_away import compare, due

NAME = "clock-skew"
_BENT = "workflows"


class BentStack(ArmedStack):
    """The clock of the workflows' process is what a file says, from its start on."""

    def parts(self) -> dict[str, Part]:
        """All others have the machine's clock."""
        told = {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._bent_by),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        return {
            name: replace(part, environment={**part.environment, **told}) if name == _BENT else part
            for name, part in super().parts().items()
        }

    def bend(self, by: str) -> None:
        """`+1h` or `-1h` from now on; the process is started anew."""
        self.stop(_BENT)
        self._bent_by.write_text(by)
        self.start(_BENT)

    @property
    def _bent_by(self) -> Path:
        self.home.run.mkdir(parents=True, exist_ok=True)
        file = self.home.run / "faketime"
        if not file.exists():
            file.write_text("+0")
        return file


def play(scene: Scene, seconds: float, cases: int) -> None:
    """An hour ahead for so long, then an hour behind, while cases wait for their owner."""
    assert isinstance(scene.stack, BentStack)
    with Resting(scene) as resting:
        waiting = resting.bring(cases, "assigned")
        before, said = due(scene, waiting), resting.said(waiting)
        for by in ("+1h", "-1h"):
            fault = f"workflows {by}"
            scene.stack.bend(by)
            scene.faults[fault] += 1
            threading.Event().wait(seconds)
            compare(scene, fault, before, due(scene, waiting))
            if resting.said(waiting) != said:
                scene.wrong.append(f"{fault}: a case that only waited did not wait")
        resting.go_on(waiting, "accepted", "resolved")


def _library() -> Path:
    found = list(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    package = importlib.util.find_spec("libfaketime")
    if package is not None and package.submodule_search_locations:
        folder = Path(next(iter(package.submodule_search_locations)))
        found += folder.glob("vendor/libfaketime/src/libfaketime.so.1")
    if not found:
        raise CannotPlay("there is no libfaketime: apt-get install faketime")
    return found[0]
