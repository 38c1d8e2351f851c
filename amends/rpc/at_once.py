"""Refusing at once: a call that is refused costs no thread of its own and is not even read.

Where a server is asked for far more than it can do, what the refusals cost is missing in its work.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import cycle
from typing import Any

import grpc

from amends.rpc.rpcs import Rpc
from amends.rpc.status import code_of, ending, to_status
from amends.telemetry import metrics
from amends.values.refusal import Refusal

Handler = Any
"""A grpc.RpcMethodHandler: its type stubs hide what it holds."""
# Handlers of each refusal: they differ in when to come again, so that not all come at once.
_DIFFERENT = 64


class _Here(ThreadPoolExecutor):
    """Runs what is submitted in the thread that submits it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - what an executor takes
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


_HERE = _Here(1)


class AtOnce:
    """Handlers that end a call with a refusal, made when it is refused for the first time."""

    def __init__(self) -> None:
        self._made: dict[str, cycle[Handler]] = {}

    def handler(self, rpc: Rpc, refusal: Refusal) -> Handler:
        """One that refuses a call in the thread that finds it; the call is counted here.

        To gRPC it is one that reads a stream, since such a one begins before the request is there.
        """
        metrics.refused(refusal.reason)
        metrics.answered(rpc.name, code_of(refusal).name, None)
        made = self._made.get(refusal.message)
        if made is None:
            made = cycle([_handler(refusal) for _ in range(_DIFFERENT)])
            self._made[refusal.message] = made
        return next(made)


def _handler(refusal: Refusal) -> Handler:
    refuse = partial(_refuse, ending(to_status(refusal)))
    refuse.experimental_thread_pool = _HERE  # type: ignore[attr-defined]
    return grpc.stream_unary_rpc_method_handler(refuse)


def _refuse(status: grpc.Status, _requests: object, context: grpc.ServicerContext) -> None:
    context.abort_with_status(status)
