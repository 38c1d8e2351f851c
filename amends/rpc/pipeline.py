"""One chain of steps around every call, whatever its kind."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any, Protocol

import grpc
from google.protobuf.message import DecodeError, Message

from amends.crash_points import crash_point
from amends.rpc.at_once import AtOnce
from amends.rpc.identity import Said
from amends.rpc.refusals import InvalidFields, Violation
from amends.rpc.rpcs import Rpc
from amends.values.refusal import Refusal

Handler = Callable[[Any, grpc.ServicerContext], Any]
Wired = Any
"""A grpc.RpcMethodHandler: its type stubs hide the functions that it holds."""
Answer = Any
_STREAMS_OF_OTHERS = 4
Request = Any
"""A protobuf message, or Undecodable where the bytes were none."""


class Step(Protocol):
    """Something around a call; entered from the outermost to the innermost."""

    def around(
        self, rpc: Rpc, request: Message, context: grpc.ServicerContext
    ) -> AbstractContextManager[None]:
        """Enters before the handler, leaves after its answer or the end of its stream."""


class Undecodable:
    """Stands for a request whose bytes are no such message."""


class Pipeline(grpc.ServerInterceptor):
    """Runs the steps around each known RPC.

    Others pass, since health and reflection ask for no token: but of those that hold a thread for
    as long as their caller likes (reflection's streams) only a few at once.
    """

    def __init__(
        self, steps: Sequence[Step], refuses: Callable[[Rpc, Said], Refusal | None]
    ) -> None:
        self._steps = steps
        self._refuses = refuses
        self._at_once = AtOnce()
        self._streams = threading.BoundedSemaphore(_STREAMS_OF_OTHERS)
        self._wrapped: dict[str, grpc.RpcMethodHandler] = {}  # type: ignore[type-arg]
        self.rpcs: dict[str, Rpc] = {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Wired],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Wired:
        """The handler of the call, wrapped once per RPC."""
        path = handler_call_details.method
        if path in self._wrapped:
            known = self.rpcs[path]
            refusal = self._refuses(known, handler_call_details.invocation_metadata)
            return self._wrapped[path] if refusal is None else self._at_once.handler(known, refusal)
        handler = continuation(handler_call_details)
        rpc = self.rpcs.get(path)
        if handler is None or rpc is None:
            return self._few(handler) if handler and handler.stream_stream else handler
        self._wrapped[path] = self._wrap(rpc, handler)
        return self._wrapped[path]

    def _few(self, handler: Wired) -> Wired:
        def stream(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
            if not self._streams.acquire(blocking=False):
                context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "repeat this a little later")
            try:
                yield from handler.stream_stream(requests, context)
            finally:
                self._streams.release()

        return grpc.stream_stream_rpc_method_handler(
            stream, handler.request_deserializer, handler.response_serializer
        )

    def _wrap(self, rpc: Rpc, handler: Wired) -> Wired:
        decode = _decoder(handler.request_deserializer)
        encode = handler.response_serializer
        if rpc.streams:
            return grpc.unary_stream_rpc_method_handler(
                self._streaming(rpc, handler.unary_stream), decode, encode
            )
        return grpc.unary_unary_rpc_method_handler(
            self._answering(rpc, handler.unary_unary), decode, encode
        )

    def _answering(self, rpc: Rpc, behaviour: Handler) -> Handler:
        def answer(request: Message, context: grpc.ServicerContext) -> Answer:
            with ExitStack() as stack:
                self._enter(stack, rpc, request, context)
                said = behaviour(request, context)
            crash_point(f"answer.{rpc.name}")
            return said

        return answer

    def _streaming(self, rpc: Rpc, behaviour: Handler) -> Handler:
        def stream(request: Message, context: grpc.ServicerContext) -> Iterator[Any]:
            with ExitStack() as stack:
                self._enter(stack, rpc, request, context)
                yield from behaviour(request, context)

        return stream

    def _enter(
        self, stack: ExitStack, rpc: Rpc, request: Request, context: grpc.ServicerContext
    ) -> None:
        for step in self._steps:
            stack.enter_context(step.around(rpc, request, context))


def _decoder(decode: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Lets undecodable bytes reach the steps, which refuse them; gRPC would answer INTERNAL."""

    def lenient(data: bytes) -> Request:
        try:
            return decode(data)
        except DecodeError:
            return Undecodable()

    return lenient


class DecodedStep:
    """Refuses bytes that are not the RPC's request message, such as text that is not UTF-8."""

    def around(
        self, rpc: Rpc, request: Request, _context: grpc.ServicerContext
    ) -> AbstractContextManager[None]:
        """Raises InvalidFields, else does nothing."""
        if isinstance(request, Undecodable):
            what = f"the bytes are no {rpc.name}Request, or hold text that is not UTF-8"
            raise InvalidFields([Violation("request", what, "decodable")])
        return nullcontext()
