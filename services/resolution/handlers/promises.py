"""Promises: made, kept, broken."""

from functools import partial

from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import Call, EscalationId
from services.resolution.domain import promises
from services.resolution.domain.promises import MakePromise, Promises
from services.resolution.read_models import KnownCases
from services.resolution.wire.promises import PromiseStands, promise_response, promised_response

PROMISING: Aggregate[Promises, promises.Command] = Aggregate(
    Promises(), promises.decide, promises.evolve
)


class PromiseHandlers:
    """What the owner promised the customer by when."""

    def __init__(self, log: EventLog, known: KnownCases) -> None:
        self._log = log
        self._known = known

    def make(
        self, call: Call, escalation: EscalationId, command: MakePromise
    ) -> pb.MakePromiseResponse:
        """It is promised."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            PROMISING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(promised_response, command.promise),
        )

    def settle(
        self,
        call: Call,
        escalation: EscalationId,
        command: promises.KeepPromise | promises.BreakPromise,
        kind: type[PromiseStands],
    ) -> PromiseStands:
        """Its owner says that it was kept, or the clock that its time passed."""
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            PROMISING,
            command,
            call,
            knowing=partial(self._known.of, call, escalation),
            refresh=partial(self._known.refresh, call, escalation),
            respond=partial(promise_response, command.promise, kind),
        )
