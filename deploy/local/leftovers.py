"""Processes of this stack that outlived their supervisor."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil

from deploy.local.home import Home

MARK = "AMENDS_STACK"  # in the environment of everything that the supervisor starts
_PATIENCE = 8.0  # seconds to end by itself before it is killed


def find(home: Home) -> list[psutil.Process]:
    """Every process of this stack, its supervisor too; none of another stack."""
    return [process for process in psutil.process_iter() if _belongs(process, home)]


def end(home: Home) -> list[str]:
    """Ends what is left, gently first; gives the names of what there was."""
    names = [name(process) for process in find(home)]
    for process in _supervisors_first(find(home)):
        _signal(process)
    _, alive = psutil.wait_procs(find(home), timeout=_PATIENCE)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(find(home), timeout=_PATIENCE)
    return names


def _belongs(process: psutil.Process, home: Home) -> bool:
    """By the mark; PostgreSQL's own children write over it, but stand in the cluster's folder."""
    try:
        if process.environ().get(MARK) == str(home.path):
            return True
        return process.name() == "postgres" and Path(process.cwd()).is_relative_to(home.data)
    except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return False


def _supervisors_first(processes: list[psutil.Process]) -> Iterator[psutil.Process]:
    yield from sorted(processes, key=lambda process: "supervisord" not in name(process))


def _signal(process: psutil.Process) -> None:
    try:
        if process.name() == "postgres":
            process.send_signal(signal.SIGINT)  # its other signals wait for clients, or crash
        else:
            process.terminate()
    except psutil.NoSuchProcess:
        return


def name(process: psutil.Process) -> str:
    """How it was started, in short; "ended" once it is gone."""
    try:
        return " ".join(process.cmdline()[:4]) or str(process.name())
    except psutil.NoSuchProcess:
        return "ended"
