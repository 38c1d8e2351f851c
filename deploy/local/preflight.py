"""What must be true before a stack can start; each refusal says what to do."""

import shutil
import time
from collections.abc import Iterator, Mapping

import psutil

from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.refused import Refused

_NEEDED = 1024**3  # bytes
_CLOSING = 5.0  # seconds
_POLL = 0.1


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
    """A port that nobody holds by name may still be closing: its process was just killed."""
    limit = time.monotonic() + _CLOSING
    while taken := list(ports.taken()):
        holders = {name: next(_holders(ports[name]), "") for name in taken}
        if any(holders.values()) or time.monotonic() > limit:
            raise _refusal(ports, holders)
        time.sleep(_POLL)


def _refusal(ports: Ports, holders: Mapping[str, str]) -> Refused:
    taken = ", ".join(
        f"{ports[name]} ({name}) by {holder or 'another program'}"
        for name, holder in holders.items()
    )
    return Refused(
        f"ports are taken: {taken}",
        f"stop that program, or choose other ports: AMENDS_PORT_BASE={ports.base + 100} make up",
    )


def _holders(port: int) -> Iterator[str]:
    try:
        listeners = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return
    for listener in listeners:
        here = listener.status == psutil.CONN_LISTEN and listener.laddr.port == port
        if here and listener.pid and psutil.pid_exists(listener.pid):
            yield f"{psutil.Process(listener.pid).name()} (pid {listener.pid})"
