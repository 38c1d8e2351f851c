"""A line to a server that breaks on command: a gRPC proxy between a caller and a real server.

Each call of an RPC meets the next fault of that RPC's script; where the script is over it passes
as if there were no proxy. Nothing is left to chance. Only calls of one request and one answer pass.

    with Line(merchant_address) as line:
        line.breaks("CreateRefund", AnswerLost(), Down())  # the first call, the second; then none
        ...  # whoever calls line.address
        assert line.reached("CreateRefund") == 2

A caller that repeats what is UNAVAILABLE by itself, as `amends.rpc.channel` does, meets the next
fault with each repeat; `stays` breaks all of them until `heals`.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn, Protocol, Self

import grpc
from grpc_status import rpc_status

from amends.rpc.status import to_status
from amends.values.refusal import Refusal

_LONGEST = 60.0  # seconds that a hanging call is held where its caller named no deadline
_OPTIONS = (("grpc.enable_retries", 0), ("grpc.enable_http_proxy", 0))
# Of this proxy's own two connections, never of the call.
_OWN_HEADERS = ("user-agent", "te", "content-type")


class Passing(Protocol):
    """A call on its way through the line."""

    def forward(self) -> bytes:
        """Sends it to the server; its answer, or its refusal as that of the line."""

    def work(self) -> None:
        """Sends it to the server, whose answer is thrown away."""

    def wait(self, seconds: float) -> None:
        """Holds it; ends it where its caller gives up meanwhile."""

    def fail(self, code: grpc.StatusCode, message: str) -> NoReturn:
        """Ends it as a broken line does: without a refusal."""

    def refuse(self, reason: str) -> NoReturn:
        """Ends it as a server of ours refuses."""


class Fault(Protocol):
    """What happens to one call."""

    def meet(self, call: Passing) -> bytes:
        """The answer that the caller gets, if any."""


@dataclass(frozen=True, slots=True)
class Passes:
    """No fault: keeps a place in a script."""

    def meet(self, call: Passing) -> bytes:
        """As if there were no line."""
        return call.forward()


@dataclass(frozen=True, slots=True)
class Slow:
    """The server hears of it so many seconds later, if the caller has not given up by then."""

    seconds: float

    def meet(self, call: Passing) -> bytes:
        """Waits before it forwards."""
        call.wait(self.seconds)
        return call.forward()


@dataclass(frozen=True, slots=True)
class Down:
    """The server never hears of it."""

    def meet(self, call: Passing) -> bytes:
        """UNAVAILABLE."""
        call.fail(grpc.StatusCode.UNAVAILABLE, "the line is down")


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The server does the work and the caller never hears of it; `hangs`: until its deadline."""

    hangs: bool = False

    def meet(self, call: Passing) -> bytes:
        """UNAVAILABLE, or nothing at all."""
        call.work()
        if self.hangs:
            call.wait(_LONGEST)
        call.fail(grpc.StatusCode.UNAVAILABLE, "the line broke before the answer")


@dataclass(frozen=True, slots=True)
class Twice:
    """The server gets the request two times; the caller hears the second answer."""

    def meet(self, call: Passing) -> bytes:
        """One after the other."""
        call.work()
        return call.forward()


@dataclass(frozen=True, slots=True)
class Refuses:
    """The server never hears of it, and the caller is refused as by one of ours."""

    reason: str

    def meet(self, call: Passing) -> bytes:
        """With the reason and its status."""
        call.refuse(self.reason)


@dataclass(frozen=True, slots=True)
class Held:
    """The server hears of it when `go` is set, and no sooner; `came` says that it is held."""

    came: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def meet(self, call: Passing) -> bytes:
        """Waits before it forwards."""
        self.came.set()
        self.go.wait(_LONGEST)
        return call.forward()


class Line:
    """Listens on a free port of this machine and forwards to `target` (host:port)."""

    def __init__(self, target: str) -> None:
        self._channel = grpc.insecure_channel(target, _OPTIONS)
        self._server = grpc.server(ThreadPoolExecutor(32))
        self._server.add_generic_rpc_handlers((_EveryRpc(self._pass),))
        self._scripts: dict[str, deque[Fault]] = {}
        self._standing: dict[str, Fault] = {}
        self._called: Counter[str] = Counter()
        self._reached: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()
        self._channel.close()

    def breaks(self, rpc: str, *faults: Fault) -> None:
        """The next calls of an RPC ("CreateRefund") meet these, one each."""
        with self._lock:
            self._scripts.setdefault(rpc, deque()).extend(faults)

    def stays(self, rpc: str, fault: Fault) -> None:
        """Every call of an RPC that has no script left meets this, until the line `heals`."""
        with self._lock:
            self._standing[rpc] = fault

    def heals(self) -> None:
        """No fault is left."""
        with self._lock:
            self._scripts.clear()
            self._standing.clear()

    def called(self, rpc: str) -> int:
        """How many calls of an RPC came."""
        return self._called[rpc]

    def reached(self, rpc: str) -> int:
        """How many requests of an RPC went to the server, those sent twice counted twice."""
        return self._reached[rpc]

    def _pass(self, method: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        rpc = method.rpartition("/")[2]
        with self._lock:
            self._called[rpc] += 1
            script = self._scripts.get(rpc)
            fault = script.popleft() if script else self._standing.get(rpc, Passes())
        return fault.meet(_Call(context, partial(self._send, method, request, context)))

    def _send(self, method: str, request: bytes, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - gRPC's own pair
        with self._lock:
            self._reached[method.rpartition("/")[2]] += 1
        said = context.invocation_metadata() or ()
        there: Any = self._channel.unary_unary(method)
        return there.with_call(
            request,
            metadata=tuple((key, value) for key, value in said if key not in _OWN_HEADERS),
            timeout=context.time_remaining(),
        )


class _Call:
    """One call on its way; `send` gives the server's answer with what came behind it."""

    def __init__(self, context: grpc.ServicerContext, send: Callable[[], Any]) -> None:
        self._context = context
        self._send = send
        self._over = threading.Event()
        if not context.add_callback(self._over.set):
            self._over.set()

    def forward(self) -> bytes:
        try:
            answer, call = self._send()
        except grpc.RpcError as error:
            self._relay(error)
        self._context.set_trailing_metadata(call.trailing_metadata())
        return bytes(answer)

    def work(self) -> None:
        try:
            self._send()
        except grpc.RpcError:
            return  # a refusal is an answer, and lost like any other

    def wait(self, seconds: float) -> None:
        if self._over.wait(seconds):
            self.fail(grpc.StatusCode.CANCELLED, "the caller gave up")

    def fail(self, code: grpc.StatusCode, message: str) -> NoReturn:
        self._context.abort(code, message)
        raise AssertionError(message)

    def refuse(self, reason: str) -> NoReturn:
        refusal = type("Refused", (Refusal,), {"reason": reason})
        self._context.abort_with_status(
            rpc_status.to_status(to_status(refusal(f"{reason.lower()} by the line")))
        )
        raise AssertionError(reason)

    def _relay(self, error: Any) -> NoReturn:  # noqa: ANN401 - a grpc.RpcError with its status
        self._context.set_trailing_metadata(error.trailing_metadata() or ())
        self.fail(error.code(), error.details() or "")


class _EveryRpc(grpc.GenericRpcHandler):
    """Answers whatever is called with the bytes of another."""

    def __init__(self, answer: Callable[[str, bytes, grpc.ServicerContext], bytes]) -> None:
        self._answer = answer

    def service(self, details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes]":
        """Takes every method."""
        return grpc.unary_unary_rpc_method_handler(partial(self._answer, details.method))
