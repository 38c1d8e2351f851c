"""Logs: one JSON object per line, agreed keys only, never a personal word.

A key that is not agreed is dropped and its name reported under `dropped`; a value that is neither
number, short text, time nor enum is dropped likewise. Exceptions are told by type and place, never
by text, which may hold what someone said.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import datetime
from enum import Enum
from typing import Any

import structlog

AGREED = frozenset(
    """
    event level time process logger trace error incident dropped
    rpc tenant stream subject escalation decision_maker version position source type event_id
    request_id correlation_id causation_id workflow run activity signal task_queue
    topic partition offset group batch attempt retry_in count parked alarm reason
    port address finished took_ms service role pid state
    """.split()  # noqa: SIM905 - a list of forty lines reads worse
)
Logger = Any
"""structlog's, which takes any key."""

_LONGEST = 300
_LONGEST_TRACE = 4000
_REPEAT_AFTER = 10.0  # seconds
_MOST_TEMPLATES = 500


def configure(process: str) -> None:
    """Sets up logging for this process; JSON lines, or a readable form on a terminal."""
    _configure(process)
    root = logging.getLogger()
    root.handlers = [_Foreign()]
    root.setLevel(logging.WARNING)


def log() -> Logger:
    """The process's logger: `log().info("published", topic=..., count=...)`.

    Where nobody configured it (a program that uses the client) the same rules hold.
    """
    if not structlog.is_configured():
        _configure("amends")
    return structlog.get_logger()


def _configure(process: str) -> None:
    terminal = sys.stderr.isatty()
    show: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _in_process(process),
            agreed_only,
            show,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def trace_of(error: BaseException) -> str:
    """Types and places of an exception and its causes; none of its texts."""
    told = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        places = " < ".join(
            f"{frame.name} {frame.filename}:{frame.lineno}" for frame in frames[::-1]
        )
        told.append(f"{type(cause).__module__}.{type(cause).__qualname__} at {places}")
        cause = cause.__cause__ or cause.__context__
    return " | caused by ".join(told)[:_LONGEST_TRACE]


def agreed_only(
    _logger: Logger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Only agreed keys with plain values; the names of the others under `dropped`."""
    kept: dict[str, Any] = {}
    dropped = []
    for key, value in event.items():
        plain = _plain(key, value)
        if key in AGREED and plain is not None:
            kept[key] = plain
        elif value is not None:
            dropped.append(key)
    if dropped:
        kept["dropped"] = ",".join(sorted(dropped))
    return kept


def _plain(key: str, value: object) -> str | float | None:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value[: _LONGEST_TRACE if key == "trace" else _LONGEST]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.name
    return None


def _in_process(process: str) -> structlog.typing.Processor:
    def add(
        _logger: Logger, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    return add


class _Foreign(logging.Handler):
    """What libraries log: their template without its arguments, which may hold anything.

    A template that repeats (a broker that is away) is told every 10 s with how often it came.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[tuple[str, str], tuple[float, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        template = str(record.msg)[:_LONGEST]
        count = self._times(record.name, template, record.created)
        if not count:
            return
        error = record.exc_info[1] if record.exc_info else None
        log().log(
            record.levelno,
            template,
            logger=record.name,
            trace=trace_of(error) if error else None,
            count=count if count > 1 else None,
        )

    def _times(self, name: str, template: str, now: float) -> int:
        """How often this was said since it was told last; 0 where it is too soon to tell again."""
        told, held = self._held.get((name, template), (0.0, 0))
        if now - told < _REPEAT_AFTER:
            self._held[name, template] = (told, held + 1)
            return 0
        if len(self._held) >= _MOST_TEMPLATES:
            self._held.clear()
        self._held[name, template] = (now, 0)
        return held + 1
