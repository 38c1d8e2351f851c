"""What people see: a table that lives while the stack starts, and the same table for `status`."""

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

import psutil
from rich.console import Console
from rich.live import Live
from rich.table import Table

from deploy.local.stack import Stack
from deploy.local.state import Condition, PartState

_COLOURS = {
    Condition.WAITING: "dim",
    Condition.STARTING: "yellow",
    Condition.HEALTHY: "green",
    Condition.FAILING: "red",
    Condition.STOPPED: "red",
}
_REFRESH = 0.2  # seconds


def watch(stack: Stack, console: Console) -> bool:
    """Brings a stack up and shows its parts meanwhile; gives and raises what `up` does."""
    show = _table_lives if console.is_terminal else _lines_appear
    with ThreadPoolExecutor(max_workers=1) as pool:
        up = pool.submit(stack.up)
        try:
            show(stack, up, console)
        finally:
            stack.give_up()  # after Ctrl-C; otherwise it is done
        return up.result()


def _progress(states: list[PartState]) -> Table:
    """The parts, one a row, and how long each took or takes."""
    titles = ("part", "state", "address", "seconds")
    made = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for state in states:
        made.add_row(state.name, _condition(state), state.address, f"{state.seconds:.1f}")
    return made


def status(states: list[PartState]) -> Table:
    """The parts with what each of them takes."""
    titles = ("part", "state", "pid", "address", "up", "memory")
    made = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for state in states:
        pid = str(state.pid or "")
        made.add_row(
            state.name, _condition(state), pid, state.address, _age(state), _memory(state.pid)
        )
    return made


def _table_lives(stack: Stack, up: Future[bool], console: Console) -> None:
    with Live(console=console, refresh_per_second=1 / _REFRESH) as live:
        while not _done(up):
            if states := stack.progress():
                live.update(_progress(states))
        if states := stack.progress():
            live.update(_progress(states))


def _lines_appear(stack: Stack, up: Future[bool], console: Console) -> None:
    """Without a terminal: one line for each change."""
    seen: dict[str, Condition] = {}
    done = False
    while not done:
        done = _done(up)
        for state in stack.progress():
            if seen.get(state.name) is not state.condition:
                seen[state.name] = state.condition
                words = f"{state.name:<12} {state.condition.value:<9} {state.address}"
                console.print(f"{words:<42} {state.seconds:5.1f} s", highlight=False)


def _done(up: Future[bool]) -> bool:
    """Whether it ended within one refresh."""
    return bool(wait([up], timeout=_REFRESH).done)


def _condition(state: PartState) -> str:
    return f"[{_COLOURS[state.condition]}]{state.condition.value}[/]"


def _age(state: PartState) -> str:
    if not state.pid:
        return ""
    return time.strftime("%H:%M:%S", time.gmtime(state.seconds))


def _memory(pid: int) -> str:
    """Of the process and its children."""
    if not pid:
        return ""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        size = sum(_resident(one) for one in family)
    except psutil.NoSuchProcess:
        return ""
    return f"{size // 1024**2} MB"


def _resident(process: psutil.Process) -> int:
    """Proportional where the system tells (PostgreSQL's processes share most of theirs)."""
    try:
        full = process.memory_full_info()
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return 0
    return int(getattr(full, "pss", 0) or full.rss)
