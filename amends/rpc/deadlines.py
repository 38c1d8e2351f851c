"""Deadlines: nothing is begun, or waited for, on behalf of a caller who waits no more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import grpc
from google.protobuf.message import Message

from amends.eventstore import patience
from amends.rpc.rpcs import Rpc

LONGEST_CALL = 30.0
"""Seconds for a call, also for one that brings no deadline or a longer one."""


def ends_at(context: grpc.ServicerContext) -> float:
    """The moment of `time.monotonic` after which nobody waits for the answer."""
    left = context.time_remaining()
    return time.monotonic() + (LONGEST_CALL if left is None else min(left, LONGEST_CALL))


class DeadlineStep:
    """Lets what a unary call waits for end with the call. A stream waits a little each time."""

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Inside, what waits for the store waits in time; gRPC begins no call that is over."""
        with nullcontext() if rpc.streams else patience.until(ends_at(context)):
            yield
