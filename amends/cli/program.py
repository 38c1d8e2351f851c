"""The `amends` program: a command, and then no slow end."""

import os
import sys

from amends.cli import app


def main() -> None:
    """Runs what was typed and leaves with its exit code.

    Without the interpreter's own end, which threads of Temporal's SDK may abort.
    """
    try:
        app.main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
