"""What a stack was started with, noted in its folder, so that every later command finds it."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Self

from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.private import write_private


@dataclass(frozen=True, slots=True)
class Choice:
    """Ports, parts (None: all of them) and, if it is not ours, the database server."""

    base: int
    programs: tuple[str, ...] | None = None
    database: str = ""

    @classmethod
    def of(cls, ports: Ports, programs: Collection[str] | None, database: str) -> Self:
        """From what a caller asked for."""
        return cls(ports.base, None if programs is None else tuple(sorted(programs)), database)

    @classmethod
    def noted(cls, home: Home) -> Self | None:
        """The one noted last; None where no stack was ever started, or nobody can read the note."""
        try:
            noted = json.loads((home.run / "stack.json").read_text())
            programs = noted["programs"]
            whole = None if programs is None else tuple(programs)
            return cls(int(noted["base"]), whole, str(noted["database"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def note(self, home: Home) -> None:
        """Notes it in place of the last one."""
        write_private(home.run / "stack.json", json.dumps(asdict(self)))
