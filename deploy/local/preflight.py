"""What must be true before a stack can start; each refusal says what to do."""

import shutil
from collections.abc import Iterator

import psutil

from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.refused import Refused

_NEEDED = 1024**3  # bytes


def check(home: Home, ports: Ports) -> None:
    """Refuses with the first thing that is missing."""
    _check_disk(home)
    _check_ports(ports)


def _check_disk(home: Home) -> None:
    free = shutil.disk_usage(home.path).free
    if free < _NEEDED:
        raise Refused(
            f"only {free // 1024**2} MB are free below {home.path}; the stack needs 1 GB",
            "free some space, or name a folder on another disk: AMENDS_HOME=/path make up",
        )


def _check_ports(ports: Ports) -> None:
    taken = list(ports.taken())
    if taken:
        holders = ", ".join(f"{ports[name]} ({name}) by {_holder(ports[name])}" for name in taken)
        raise Refused(
            f"ports are taken: {holders}",
            "stop that program, or choose other ports: "
            f"AMENDS_PORT_BASE={ports.base + 100} make up",
        )


def _holder(port: int) -> str:
    return next(_holders(port), "another program")


def _holders(port: int) -> Iterator[str]:
    try:
        listeners = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return
    for listener in listeners:
        if listener.pid and listener.laddr and listener.laddr.port == port:
            yield f"{psutil.Process(listener.pid).name()} (pid {listener.pid})"
