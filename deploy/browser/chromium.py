"""Chromium: where it is, and how it comes onto a machine that has apt.

Playwright would download a browser of its own; a system's package is kept up to date by the system.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

from deploy.local.refused import Refused

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = "chromium"
_QUIETLY = {"DEBIAN_FRONTEND": "noninteractive"}  # nothing may ask
_SAID = 2000  # characters of what apt says when it fails


def found() -> str:
    """The program's path; empty where none is installed."""
    return next((path for path in map(shutil.which, NAMES) if path), "")


def install() -> bool:
    """Installs it; False where one is there already.

    Raises:
        Refused: it cannot be installed by this user on this machine.
    """
    if found():
        return False
    if not shutil.which("apt-get"):
        raise Refused(
            "there is no Chromium, and no apt-get to install it",
            f"install Chromium or Chrome so that one of {', '.join(NAMES)} is in PATH",
        )
    if os.geteuid() != 0:
        raise Refused(
            "only root can install Chromium",
            f"type `sudo apt-get install {PACKAGE}`",
        )
    _install_as_root()
    return True


def _install_as_root() -> None:
    """With the package lists as they are; where they are missing or too old, with new ones."""
    wanted = ("install", "--yes", "--no-install-recommends", PACKAGE)
    if _apt(wanted).returncode == 0:
        return
    _apt(("update",))
    tried = _apt(wanted)
    if tried.returncode != 0:
        raise Refused(
            f"apt-get could not install {PACKAGE}:\n{tried.stdout[-_SAID:]}",
            "read its words above, and see that Debian's packages can be reached",
        )


def _apt(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments],  # noqa: S607 - root's own
        env={**os.environ, **_QUIETLY},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
