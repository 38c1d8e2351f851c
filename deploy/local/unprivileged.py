"""As whom PostgreSQL runs: it refuses to run as root, and as a user whose id has no name."""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path

from deploy.local.refused import Refused

_NOBODY = 65534
_OTHER_USER = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")


def prefix(binary: Path, data: Path) -> tuple[str, ...]:
    """What to put before a PostgreSQL command: nothing for an ordinary user.

    Otherwise a user namespace in which we have another name (files stay ours). As root where those
    are forbidden: another user, who must be able to enter the folders of the program and the data.
    """
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return ()
    renamed = _namespace()
    if _works(*renamed, str(binary), "--version"):
        return renamed
    if os.geteuid() == 0 and _works(*_OTHER_USER, str(binary), "--version") and _reaches(data):
        return _OTHER_USER
    raise Refused(
        f"PostgreSQL does not run as user {os.geteuid()}, and neither user namespaces (unshare -U) "
        f"nor another user (setpriv) can be used for {data}",
        "run as an ordinary user, or name a running server: "
        "AMENDS_DATABASE_URL=postgresql+psycopg://user:password@host:port/ make up",
    )


def _namespace() -> tuple[str, ...]:
    named = [user.pw_uid for user in pwd.getpwall() if user.pw_uid not in {0, _NOBODY}]
    user = next(iter(named), _NOBODY)
    return ("unshare", "-U", f"--map-user={user}", f"--map-group={user}")


def _has_name(user: int) -> bool:
    return any(known.pw_uid == user for known in pwd.getpwall())


@cache
def _works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _reaches(data: Path) -> bool:
    """Gives the folder to the other user, who may still not be able to come to it."""
    data.mkdir(parents=True, exist_ok=True)
    os.chown(data, _NOBODY, _NOBODY)
    return subprocess.run([*_OTHER_USER, "test", "-w", str(data)], check=False).returncode == 0
