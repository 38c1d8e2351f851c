"""Keeps the service token fresh: a process of its own, so that no service holds the signing key.

Run by the supervisor as `python -m deploy.local.tokens`.
"""

import signal
import sys
import threading
import time
from pathlib import Path

from deploy.local import keys
from deploy.local.home import Home

EVERY = 120.0  # seconds; readers read again before half of a token's life


def is_fresh(home: Home) -> bool:
    """Whether the file's token was written within the last two rounds."""
    return time.time() - keys.service_token(home).stat().st_mtime < 2 * EVERY


def main(home: Home) -> None:
    """Renews until it is told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    keys.renew_service_token(home)
    while not stop.wait(EVERY):
        keys.renew_service_token(home)


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])))
