"""Where one local stack keeps everything that it writes."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def default_home() -> Path:
    """`AMENDS_HOME`, or `.amends` in the checkout."""
    return Path(os.environ.get("AMENDS_HOME") or CHECKOUT / ".amends").absolute()


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one stack; two stacks never share one."""

    path: Path

    @property
    def environment(self) -> Path:
        """`stack.env`: how a client finds the running parts (KEY=value lines)."""
        return self.path / "stack.env"

    @property
    def clock(self) -> Path:
        """Seconds that business time is ahead of the database's clock."""
        return self.path / "clock"

    @property
    def keys(self) -> Path:
        """Secrets of this stack; only its user may enter."""
        return self.path / "keys"

    @property
    def logs(self) -> Path:
        """One file per part, named for it."""
        return self.path / "logs"

    @property
    def data(self) -> Path:
        """What the real parts keep: losing it is losing the cases."""
        return self.path / "data"

    @property
    def run(self) -> Path:
        """Configuration written anew by each `up`, and what is running."""
        return self.path / "run"

    def log(self, part: str) -> Path:
        """The log file of one part."""
        return self.logs / f"{part}.log"

    def make(self) -> None:
        """Creates the folders that are missing."""
        for folder in (self.logs, self.data, self.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)
