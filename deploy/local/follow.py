"""Shows log files as they grow, each line with the name of its part."""

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from deploy.local.refused import Refused

_TAIL = 20  # lines of each file at first
_POLL = 0.3  # seconds


def follow(files: Mapping[str, Path], console: Console, *, wait: bool) -> None:
    """Shows the end of each file and then, while it waits, what is added."""
    if not files:
        raise Refused("there are no logs yet", "`make up` starts the stack")
    if missing := [name for name, file in files.items() if not file.exists()]:
        raise Refused(f"there is no log of {missing[0]}", "`make status` names the parts")
    ends = {name: _show_end(name, file, console) for name, file in files.items()}
    while wait:
        time.sleep(_POLL)
        for name, file in files.items():
            ends[name] = _show_added(name, file, ends[name], console)


def _show_end(name: str, file: Path, console: Console) -> int:
    content = file.read_bytes()
    for line in content.splitlines()[-_TAIL:]:
        _show(name, line, console)
    return len(content)


def _show_added(name: str, file: Path, end: int, console: Console) -> int:
    """Up to the last whole line; from the beginning after the file was rotated."""
    if file.stat().st_size < end:
        end = 0
    with file.open("rb") as content:
        content.seek(end)
        added = content.read()
    whole = added[: added.rfind(b"\n") + 1]
    for line in whole.splitlines():
        _show(name, line, console)
    return end + len(whole)


def _show(name: str, line: bytes, console: Console) -> None:
    text = Text(f"{name:<11} ", style="bold")
    console.print(text.append(line.decode(errors="replace"), style="not bold"), soft_wrap=True)
