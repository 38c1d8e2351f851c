"""Openings: a customer is heard; at most one case of the same customer, order and cause is open."""

from contextlib import suppress

import grpc

from amends.eventstore.inbox import Inbox
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import case_stream
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Call, EscalationId, Tenant
from amends.values.refusal import DependencyUnavailable, VersionConflict
from amends.values.remedy import RemedySought
from services.intake.domain import opening
from services.intake.domain.case import Case, Standing
from services.intake.domain.contact import RecordContact
from services.intake.domain.escalation import evolve
from services.intake.domain.opening import OpenEscalation
from services.intake.handlers.cases import CONTACTS
from services.intake.read_models.cases import OpenAlready, Queries

_TRIES = 5  # each of them three of the log's own


def _opened(_case: Case, command: OpenEscalation, _known: object) -> list[object]:
    return list(opening.decide(command))


OPENINGS = Aggregate(Case(), _opened, evolve)


class OpeningHandlers:
    """A customer is heard: a new case, or another contact in the one that is open."""

    def __init__(self, log: EventLog, queries: Queries, inbox: Inbox) -> None:
        self._log = log
        self._queries = queries
        self._inbox = inbox

    def open(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        """The case that is open now. Whoever loses the race for its place joins the winner."""
        for _ in range(_TRIES - 1):
            with suppress(OpenAlready, VersionConflict):
                return self._once(command, call)
        return self._once(command, call)

    def _once(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        found = self._open_now(command, call.actor.tenant)
        return self._begin(command, call) if found is None else self._join(found, command, call)

    def _open_now(self, command: OpenEscalation, tenant: Tenant) -> EscalationId | None:
        """The case that is open; nobody would hear who joins one that was closed just now.

        Without follow-up's answer the view counts: a customer is heard in any case.
        """
        digests = (command.customer_digest, command.order_digest, command.cause)
        found = self._queries.open_case(tenant, *digests)
        if found is None or not self._queries.standing(tenant, found).resolved:
            return found
        with suppress(DependencyUnavailable, grpc.RpcError):
            self._inbox.catch_up("followup", tenant, found)
        return self._queries.open_case(tenant, *digests)

    def _begin(self, command: OpenEscalation, call: Call) -> pb.OpenEscalationResponse:
        return self._log.decide(
            case_stream(call.actor.tenant, command.escalation),
            OPENINGS,
            command,
            call,
            respond=lambda recorded: pb.OpenEscalationResponse(
                escalation_id=command.escalation, version=recorded.version
            ),
            person=command.customer_digest,
        )

    def _join(
        self, escalation: EscalationId, command: OpenEscalation, call: Call
    ) -> pb.OpenEscalationResponse:
        return self._log.decide(
            case_stream(call.actor.tenant, escalation),
            CONTACTS,
            _as_contact(escalation, command),
            call,
            knowing=Standing,  # its place says that it is open
            respond=lambda recorded: pb.OpenEscalationResponse(
                escalation_id=escalation, version=recorded.version, already_open=True
            ),
        )


def _as_contact(escalation: EscalationId, command: OpenEscalation) -> RecordContact:
    """What a second opening says about the case that is open already."""
    sought = command.remedy_sought
    return RecordContact(
        escalation=escalation,
        channel=command.channel,
        words=command.words,
        need_by=command.need_by,
        occasion=command.occasion,
        remedy_sought=sought if sought != RemedySought() else None,
        at=command.at,
    )
