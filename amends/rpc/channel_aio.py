"""Channels for asyncio (the workflow's worker): the same deadline, token and retry as `channel`."""

from collections.abc import Mapping

from grpc import aio

from amends.rpc.channel import (
    OPTIONS,
    STREAM_DEADLINE,
    Continuation,
    Details,
    Outcome,
    Request,
    TokenSource,
    bearer,
    deadline,
)
from amends.telemetry import traces


class AsyncChannels:
    """One grpc.aio channel per service; made, used and closed within one event loop."""

    def __init__(self, targets: Mapping[str, str], token_source: TokenSource) -> None:
        self._targets = targets
        self._outgoing = (_UnaryOutgoing(token_source), _StreamOutgoing(token_source))
        self._open: dict[str, aio.Channel] = {}

    def to(self, service: str) -> aio.Channel:
        """The channel to a service; generated stubs take it and their calls are awaited."""
        if service not in self._open:
            self._open[service] = aio.insecure_channel(
                self._targets[service], options=OPTIONS, interceptors=self._outgoing
            )
        return self._open[service]

    async def close(self) -> None:
        """Ends every channel and what is in flight on it."""
        for channel in self._open.values():
            await channel.close()
        self._open = {}


class _Adding:
    def __init__(self, token_source: TokenSource) -> None:
        self._token_source = token_source

    def _with(self, details: Details, timeout: float | None) -> Details:
        metadata = aio.Metadata(
            *(details.metadata or ()), bearer(self._token_source), *traces.as_metadata()
        )
        return aio.ClientCallDetails(
            details.method,
            timeout,
            metadata,
            details.credentials,
            details.wait_for_ready,
        )


class _UnaryOutgoing(_Adding, aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Continuation, details: Details, request: Request
    ) -> Outcome:
        return await continuation(self._with(details, deadline(details.timeout)), request)


class _StreamOutgoing(_Adding, aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Continuation, details: Details, request: Request
    ) -> Outcome:
        timeout = deadline(details.timeout, STREAM_DEADLINE)
        return await continuation(self._with(details, timeout), request)
