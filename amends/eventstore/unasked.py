"""Unasked: what a service does as soon as it hears of an event, before the process asks for it.

In the request that the process would derive from the same event, so that whoever comes first has
done it. What is not done here (the event came late, an owner was away, this process died) the
process asks for after a moment (ADR 12).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import grpc

from amends import telemetry
from amends.eventstore.records import Envelope
from amends.eventstore.tracing import ids_of
from amends.telemetry import traces
from amends.values.identity import Actor, Call, Role, Subject, derived_request_id
from amends.values.refusal import Refusal

_NEW = timedelta(minutes=1)


class Unasked:
    """Does `do` for each event of a type that happened a moment ago; harmless when repeated.

    `rpc` is what the process would call for it, `do` makes what that does out of its call.
    """

    def __init__(
        self,
        service: str,
        event: str,
        rpc: str,
        do: Callable[[Call, Envelope], object],
        now: Callable[[], datetime],
    ) -> None:
        self._actor = Subject(f"service:{service}")
        self._event = event
        self._rpc = rpc
        self._do = do
        self._now = now

    def __call__(self, came: Sequence[Envelope]) -> None:
        """Does it for each among what was taken in.

        Raises:
            What the database raises: the world broke; call it with the same again.
        """
        for one in came:
            if one.type == self._event and self._now() - one.meta.occurred_at < _NEW:
                with telemetry.bound(ids_of(one)), traces.within(one.traceparent):
                    self._tried(one)

    def _tried(self, cause: Envelope) -> None:
        call = Call(
            actor=Actor(self._actor, cause.tenant, Role.SERVICE),
            rpc=self._rpc,
            request_id=derived_request_id(cause.event_id, self._rpc, cause.subject),
            request_digest=b"",
            causation_id=cause.event_id,
        )
        try:
            self._do(call, cause)
        except (Refusal, grpc.RpcError) as error:
            telemetry.log().warning("left_to_the_workflow", reason=type(error).__name__)
