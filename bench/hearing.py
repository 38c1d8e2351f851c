"""What a load hears: the decision-makers' queue, and what happens in one case.

Both go on over a server that was away, right behind what they were told last.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import grpc
from google.protobuf.message import Message

from amends import follow
from amends.client import Caller
from amends.v1 import intake_service_pb2, routing_service_pb2

Answered = Callable[[str, Message, Message], None]
GrpcError = Any
"""A grpc.RpcError that a stub raised; its type stubs know no error with a status."""
_PAUSE = 0.3  # seconds before a stream is asked for again


class Ended(Exception):
    """The load is over."""


class Queue:
    """The live queue of whoever calls, watched: the newest assignment of each case."""

    def __init__(self, caller: Caller, answered: Answered) -> None:
        self._answered = answered
        self._news = follow.queue(caller.routing, pause=self._pause)
        self._assigned: dict[str, str] = {}
        self._awaited: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, name="queue", daemon=True)
        self._reader.start()

    def wait(self, escalation: str, patience: float) -> str:
        """The assignment by which a case waits, as soon as it stands in the queue.

        Raises:
            TimeoutError: it did not come.
        """
        with self._lock:
            stands = self._awaited.setdefault(escalation, threading.Event())
        if not stands.wait(patience):
            msg = f"{escalation} stood in no queue within {patience:.0f} s"
            raise TimeoutError(msg)
        with self._lock:
            del self._awaited[escalation]
            return self._assigned.pop(escalation)

    def end(self) -> None:
        """Lets the watching end with its connection."""
        self._over.set()

    def join(self) -> None:
        """Returns when nothing is watched any more."""
        self._reader.join()

    def _read(self) -> None:
        with suppress(Ended, ValueError):  # ValueError: the channel was closed meanwhile
            for news in self._news:
                request = routing_service_pb2.WatchAssignmentsRequest()
                self._answered("WatchAssignments", request, news)
                self._note(news.assignment)

    def _note(self, told: routing_service_pb2.Assignment) -> None:
        if told.state != routing_service_pb2.ASSIGNMENT_STATE_OFFERED:
            return
        with self._lock:
            self._assigned[told.escalation_id] = told.assignment_id
            self._awaited.setdefault(told.escalation_id, threading.Event()).set()

    def _pause(self, _seconds: float) -> None:
        if self._over.wait(_PAUSE):
            raise Ended


class News:
    """What happens in one case, from its beginning."""

    def __init__(self, caller: Caller, escalation: str, answered: Answered) -> None:
        self._intake = caller.intake
        self._answered = answered
        self._asked = intake_service_pb2.WatchEscalationRequest(escalation_id=escalation)
        self._stream: Any = None

    def wait(self, event: str, patience: float) -> intake_service_pb2.WatchEscalationResponse:
        """The next news of that event.

        Raises:
            TimeoutError: it did not come.
            grpc.RpcError: the service refused.
        """
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            found = self._next(event, limit)
            if found is not None:
                return found
        msg = f"{self._asked.escalation_id}: no {event} within {patience:.0f} s"
        raise TimeoutError(msg)

    def end(self) -> None:
        """Ends the stream."""
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def _next(self, event: str, limit: float) -> intake_service_pb2.WatchEscalationResponse | None:
        """That news, or None where the stream ended before it and is to be asked for again."""
        if self._stream is None:
            left = max(limit - time.monotonic(), 0)
            self._stream = self._intake.WatchEscalation(self._asked, timeout=left)
        try:
            for news in self._stream:
                self._asked.watch_token = news.watch_token
                self._answered("WatchEscalation", self._asked, news)
                if news.entry.event == event:
                    told: intake_service_pb2.WatchEscalationResponse = news
                    return told
        except grpc.RpcError as error:
            found: GrpcError = error
            if found.code() not in follow.RESUMED:
                raise
            time.sleep(_PAUSE)
        self._stream = None
        return None
