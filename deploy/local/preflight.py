"""What must be true before a stack can start; each refusal says what to do."""

import contextlib
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence

import psutil

from deploy.local.home import Home
from deploy.local.leftovers import MARK
from deploy.local.ports import Ports
from deploy.local.refused import Refused

_NEEDED = 1024**3  # bytes
_CLOSING = 5.0  # seconds
_POLL = 0.1
_SHOWN = 3  # ports by their number; of more, only how many


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
    taken: dict[str, list[str]] = {}
    for name, holder in holders.items():
        taken.setdefault(holder or "another program", []).append(f"{ports[name]} ({name})")
    words = "; ".join(f"{_some(names)} by {holder}" for holder, names in taken.items())
    return Refused(
        f"ports are taken: {words}",
        "stop what holds them, or choose other ports: put "
        f"AMENDS_PORT_BASE={ports.another().base} before the command",
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _holders(port: int) -> Iterator[str]:
    """Nothing where the system does not tell: other people's programs."""
    try:
        listeners = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return
    for listener in listeners:
        if listener.status == psutil.CONN_LISTEN and listener.laddr.port == port and listener.pid:
            with contextlib.suppress(psutil.Error):
                yield _holder(psutil.Process(listener.pid))


def _holder(process: psutil.Process) -> str:
    """The whole stack that it belongs to, else the program."""
    home = process.environ().get(MARK)
    return f"the stack in {home}" if home else f"{process.name()} (pid {process.pid})"
