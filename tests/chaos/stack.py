"""A whole stack whose processes can be told to die at a crash point."""

from dataclasses import replace
from pathlib import Path

import psutil

from deploy.local.part import Part
from deploy.local.stack import Stack

OURS = ("intake", "routing", "resolution", "followup", "commerce", "workflows")
SERVERS = ("postgres", "kafka", "temporal")


class ArmedStack(Stack):
    """Each process of ours looks for its armed points in a folder of its own."""

    def parts(self) -> dict[str, Part]:
        """Those of every stack, ours with their folders."""
        return {name: self._armed(part) for name, part in super().parts().items()}

    def arm(self, process: str, point: str, what: str = "") -> None:
        """The process dies the next time that it comes to the point, or is frozen (`STOP`)."""
        folder = self._folder(process)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / point).write_text(what)

    def disarm(self, process: str, point: str) -> bool:
        """Whether the point was still armed; it is no more."""
        file = self._folder(process) / point
        armed = file.exists()
        file.unlink(missing_ok=True)
        return armed

    def process(self, name: str) -> psutil.Process | None:
        """The process of a part, None while there is none."""
        run = self._supervisor.runs().get(name)
        try:
            return psutil.Process(run.pid) if run and run.pid else None
        except psutil.NoSuchProcess:
            return None

    def _armed(self, part: Part) -> Part:
        if part.name not in OURS:
            return part
        told = {"AMENDS_CRASH_POINTS": str(self._folder(part.name))}
        return replace(part, environment={**part.environment, **told})

    def _folder(self, process: str) -> Path:
        return self.home.run / "crash-points" / process
