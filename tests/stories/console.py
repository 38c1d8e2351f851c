"""What a page has its reader type, and what it says that they will see.

Of a shell it knows what the pages need: `NAME=$(...)`, `$NAME`, quotes and continued lines.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Template

from typer.testing import CliRunner

from amends.cli.app import app

_PROMPT = "$ "
_KEPT = re.compile(r"^([A-Z]+)=\$\((.*)\)$", re.DOTALL)
_ANYTHING = "…"


@dataclass(slots=True)
class Step:
    """One command, and the lines that it shows, in order; `…` in them is anything."""

    typed: str
    shown: list[str] = field(default_factory=list)

    def is_shown_by(self, printed: str) -> bool:
        """Whether each line that the page shows is there, in the page's order."""
        pattern = ".*".join(_pattern(line) for line in self.shown)
        return re.search(pattern, _plain(printed), re.DOTALL) is not None


def blocks(page: str, *languages: str) -> Iterator[tuple[str, str]]:
    """The page's blocks in these languages, in order: the language and what stands in it."""
    fence = rf"^```({'|'.join(languages)})\n(.*?)^```$"
    for found in re.finditer(fence, page, re.DOTALL | re.MULTILINE):
        yield found[1], found[2]


def steps(block: str) -> Iterator[Step]:
    """Every command of a console block, in order."""
    found: list[Step] = []
    for line in block.replace("\\\n", " ").splitlines():
        if line.startswith(_PROMPT):
            found.append(Step(line.removeprefix(_PROMPT)))
        else:
            found[-1].shown.append(line)
    yield from found


class Terminal:
    """Where `amends` is typed, one command after the other, with the variables that were set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._runner = CliRunner(env={**environment, "AMENDS_TOKEN": "", "NO_COLOR": "1"})
        self.variables: dict[str, str] = {}
        self.exit_code = 0

    def type(self, typed: str) -> str:
        """Runs one command; what it printed, or nothing where a variable kept it."""
        kept = _KEPT.match(typed)
        words = shlex.split(Template(kept[2] if kept else typed).substitute(self.variables))
        assert words[0] == "amends", words
        ran = self._runner.invoke(app, words[1:])
        self.exit_code = ran.exit_code
        if kept and not ran.exit_code:
            self.variables[kept[1]] = ran.stdout.strip()
            return ""
        return str(ran.output)


def _pattern(line: str) -> str:
    """A line of the page; what differs each time stays within a line."""
    return r"[^\n]*".join(re.escape(_plain(part).strip()) for part in line.split(_ANYTHING))


def _plain(text: str) -> str:
    """Without the spaces that only draw columns."""
    return re.sub(r"[ │]+", " ", text)
