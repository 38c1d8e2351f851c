"""How root runs PostgreSQL, which refuses to run as root."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from deploy.local.refused import Refused

_NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
_NOBODY = 65534
_OTHER_USER = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")


def prefix(binary: Path, data: Path) -> tuple[str, ...]:
    """What to put before a PostgreSQL command: nothing for an ordinary user.

    As root: a user namespace in which we are somebody else (files stay root's), or else another
    user, who must be able to enter the folders of both the program and the data.
    """
    if os.geteuid() != 0:
        return ()
    if _works(*_NAMESPACE, str(binary), "--version"):
        return _NAMESPACE
    if _works(*_OTHER_USER, str(binary), "--version") and _reaches(data):
        return _OTHER_USER
    raise Refused(
        "PostgreSQL does not run as root, and neither user namespaces (unshare -U) nor another "
        f"user (setpriv) can be used for {data}",
        "run as an ordinary user, or name a running server: "
        "AMENDS_DATABASE_URL=postgresql+psycopg://user:password@host:port/ make up",
    )


@cache
def _works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _reaches(data: Path) -> bool:
    data.mkdir(parents=True, exist_ok=True)
    os.chown(data, _NOBODY, _NOBODY)
    return subprocess.run([*_OTHER_USER, "test", "-w", str(data)], check=False).returncode == 0
