"""Logs: one JSON object per line, agreed keys only, never a personal word.

What is logged while a call, an event or an activity is in hand carries its ids (`bound`). A key
that is not agreed is dropped and its name reported under `dropped`; a value that is neither number,
short text, time nor enum is dropped likewise. Exceptions are told by type and place, never by text,
which may hold what someone said.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

# Where there is Rich structlog brings it along, for tracebacks that nobody prints: 4 MB a process.
_MODULES: dict[str, Any] = sys.modules
_MODULES.setdefault("rich", None)
import structlog  # noqa: E402

if _MODULES["rich"] is None:
    del _MODULES["rich"]

AGREED = frozenset(
    """
    event level time process logger trace error incident dropped
    rpc tenant stream subject escalation decision_maker version position source type event_id
    request_id correlation_id causation_id workflow run activity signal task_queue
    topic partition offset group batch attempt retry_in count parked alarm reason status
    port address finished took_ms service role pid state
    """.split()  # noqa: SIM905 - a list of forty lines reads worse
)
Logger = Any
"""structlog's, which takes any key."""

_LONGEST = 300
_LONGEST_TRACE = 4000
_REPEAT_AFTER = 10.0  # seconds
_MOST_TEMPLATES = 500
_NOTHING: Mapping[str, str] = MappingProxyType({})
_BOUND: ContextVar[Mapping[str, str]] = ContextVar("amends_bound", default=_NOTHING)


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


class bound:  # noqa: N801 - used as a statement: `with telemetry.bound(ids):`
    """Every line that this thread or task writes inside carries these ids too.

    A class, since a generator would cost three times as much, in every call.
    """

    __slots__ = ("_before", "_ids")

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = ids
        self._before = _NOTHING

    def __enter__(self) -> None:
        self._before = _BOUND.get()
        _BOUND.set({**self._before, **self._ids} if self._before else self._ids)

    def __exit__(self, *_: object) -> None:
        _BOUND.set(self._before)


def _configure(process: str) -> None:
    terminal = sys.stderr.isatty()
    show: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _in_process(process),
            _with_bound,
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


def _with_bound(
    _logger: Logger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What the line itself says counts more than what is bound."""
    return {**_BOUND.get(), **event}


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
            **_of_temporal(record),
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


def _of_temporal(record: logging.LogRecord) -> dict[str, Any]:
    """Which run and activity a line of Temporal's SDK is about: ids and names of ours only."""
    about = getattr(record, "temporal_activity", None) or getattr(record, "temporal_workflow", None)
    if about is None:
        return {}
    return {
        "workflow": about.get("workflow_id"),
        "run": about.get("workflow_run_id") or about.get("run_id"),
        "activity": about.get("activity_type"),
        "attempt": about.get("attempt"),
    }
