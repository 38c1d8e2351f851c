"""When a watch stream must end by itself, so that its client resumes elsewhere or with a new token.

A handler loops `while stays_open(context):`, waits at most a second for news each time, and simply
returns afterwards: the stream ends with OK, and the client resumes from the position that the last
message carried. Every message of a watch stream therefore carries its resume position.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import grpc
from google.protobuf.message import Message

from amends.rpc.identity import current
from amends.rpc.rpcs import Rpc

_STOPPING: ContextVar[threading.Event | None] = ContextVar("amends_stopping", default=None)


def stays_open(context: grpc.ServicerContext) -> bool:
    """False once the client is gone, the server stops or the caller's token has expired."""
    stopping = _STOPPING.get()
    call = current()
    if call is None or stopping is None:
        msg = "stays_open is for handlers: no call is being answered in this thread"
        raise RuntimeError(msg)
    return context.is_active() and not stopping.is_set() and time.time() < call.token_expires_at


class StreamStep:
    """Lets `stays_open` know whether the server stops."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    @contextmanager
    def around(
        self, _rpc: Rpc, _request: Message, _context: grpc.ServicerContext
    ) -> Iterator[None]:
        """Inside, `stays_open` works."""
        _STOPPING.set(self._stopping)
        yield
