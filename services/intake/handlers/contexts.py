"""Contexts: what the merchant knows, looked up before the transaction."""

from typing import Any

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import case_stream
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Call
from services.intake.domain import context
from services.intake.domain.case import Case
from services.intake.domain.context import Found, RecordContext
from services.intake.domain.escalation import evolve
from services.intake.gateways import Merchant
from services.intake.handlers.case_files import CaseFiles

CONTEXTS: Aggregate[Case, RecordContext] = Aggregate(Case(), context.decide, evolve)


class ContextHandlers:
    """What the merchant knows, looked up before the transaction."""

    def __init__(self, log: EventLog, files: CaseFiles, merchant: Merchant) -> None:
        self._log = log
        self._files = files
        self._merchant = merchant

    def record(self, command: RecordContext, call: Call) -> pb.RecordContextResponse:
        """What was found is in the case."""
        stream = case_stream(call.actor.tenant, command.escalation)

        def found() -> Found:
            customer, order = self._files.references(stream)
            return self._merchant.find(stream.tenant, customer, order)

        return self._log.decide(
            stream,
            CONTEXTS,
            command,
            call,
            knowing=found,
            # Of who was forgotten while the merchant was asked there is nothing to ask any more.
            refresh=lambda: None,
            respond=_context_recorded,
        )


def _context_recorded(recorded: Recorded[Case]) -> pb.RecordContextResponse:
    event: Any = recorded.events[-1]
    return pb.RecordContextResponse(version=recorded.version, order_found=event.order_found)
