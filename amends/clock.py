"""Business time: the database's clock, moved forward by the seconds in a file.

The file exists on the local stack only and only grows; real time (tokens, locks, Kafka) never
comes from here.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

_MEASURE_EVERY = 60.0  # seconds; a quartz drifts by less than 10 ms in that time


class Clock:
    """Tells business time without asking the database each time.

    `probe` answers the database's time as it is when it returns; None means this machine's own
    clock. The offset to it is measured at the first call and about once a minute; while the
    database is away the last measurement goes on.
    """

    def __init__(self, probe: Callable[[], datetime] | None, file: Path | None = None) -> None:
        self._probe = probe or _machine_time
        self._moved = _Moved(file)
        self._measuring = threading.Lock()
        self._base: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Aware UTC business time.

        Raises:
            sqlalchemy.exc.OperationalError: the database was never reached.
        """
        base, at = self._measured()
        return base + timedelta(seconds=time.monotonic() - at + self._moved.seconds())

    def _measured(self) -> tuple[datetime, float]:
        known = self._base
        if known is None:
            with self._measuring:
                return self._base or self._measure()
        if time.monotonic() - known[1] > _MEASURE_EVERY and self._measuring.acquire(blocking=False):
            try:
                return self._measure()
            except SQLAlchemyError:
                return known
            finally:
                self._measuring.release()
        return known

    def _measure(self) -> tuple[datetime, float]:
        found = self._probe()
        self._base = (found.astimezone(UTC), time.monotonic())
        return self._base


class _Moved:
    """The seconds in the file, read again when the file changes."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._seconds = 0.0

    def seconds(self) -> float:
        if self._file is None:
            return 0.0
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return self._seconds
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._seconds = max(self._seconds, read_moved(self._file))
            self._stamp = stamp
        return self._seconds


def read_moved(file: Path) -> float:
    """The seconds by which business time is ahead; 0 where there is no file."""
    try:
        return float(file.read_text(encoding="ascii").strip() or 0)
    except FileNotFoundError:
        return 0.0


def write_moved(file: Path, seconds: float) -> None:
    """Moves business time of every process that reads the file; never back.

    Raises:
        ValueError: `seconds` is less than what stands there.
    """
    if seconds < read_moved(file):
        msg = f"business time is {read_moved(file):.0f} s ahead and never goes back"
        raise ValueError(msg)
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{seconds:.6f}\n", encoding="ascii")
    fresh.replace(file)


def _machine_time() -> datetime:
    return datetime.now(UTC)
