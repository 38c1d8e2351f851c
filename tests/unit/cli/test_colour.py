"""Colour is for terminals, and for nobody who does not want it."""

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress

_PROGRAM = "from amends.cli import main; main()"
_COLOUR = re.compile(rb"\x1b\[[0-9;]*3[0-7]")
_WANTED = ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TERM")


def on_a_terminal(**environment: str) -> bytes:
    """What `amends --help` writes to a terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in _WANTED}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "--help"],
        env={**kept, "TERM": "xterm-256color", **environment},
        stdout=theirs,
    ):
        os.close(theirs)
        written = b""
        with suppress(OSError):  # how a terminal says that the other side is gone
            while part := os.read(ours, 65536):
                written += part
    os.close(ours)
    return written


def test_no_color_is_honoured_on_a_terminal() -> None:
    written = on_a_terminal(NO_COLOR="1")
    assert b"Exit codes" in written
    assert not _COLOUR.search(written)
