"""Case files: whole cases, told from the events of all services."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from amends.eventstore import received
from amends.eventstore.codec import to_message
from amends.eventstore.engine import reader
from amends.eventstore.log import EventLog
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId
from amends.v1 import intake_service_pb2 as pb
from amends.values.identity import Role, Tenant
from amends.values.refusal import EscalationNotFound
from services.intake import wire
from services.intake.domain import timeline
from services.intake.domain.case_file import Told, case_file
from services.intake.domain.facts import Fact
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.parts import Asked, Place, part
from services.intake.domain.sentences.people import speech_of, strangers
from services.intake.domain.sentences.speech import Speech
from services.intake.read_models.cases import OTHERS, SOURCE

FROM_THE_START: Mapping[str, int] = dict.fromkeys((SOURCE, *OTHERS), 0)
"""The version of each service's stream before anything was said."""
_DIRECTORY = "decision-maker"
_ENTERED = "amends.v1.DecisionMakerUpdated"


class CaseFiles:
    """Whole cases, told from the events of all services.

    Nothing is kept for them: the own log and the inbox are read each time, so a case file is never
    older than what has arrived, and there is no second copy of anybody's words.
    """

    def __init__(self, engine: Engine, log: EventLog, vault: Vault) -> None:
        self._engine = reader(engine)
        self._log = log
        self._vault = vault

    def show(
        self, stream: StreamId, asked: Asked, reader: Role, at: datetime
    ) -> pb.GetEscalationResponse:
        """The case as it stands `at` a moment, with a part of its timeline, its words clear.

        A forgotten customer's read as forgotten; references that the law has kept are there for
        auditors alone.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
            InvalidField: the part is none of this case's timeline.
        """
        stored = self._log.read_stream(stream)
        own = [self._log.decoded(one) for one in stored]
        if not any(isinstance(event, EscalationOpened) for event in own):
            raise EscalationNotFound(stream.subject)
        said = [one.envelope(SOURCE) for one in stored]
        said += self._received(stream)
        facts = [wire.fact(one) for one in said]
        speech = self.speech(stream.tenant, facts)
        told = part(timeline.told(facts, speech), asked, _sizes(said))
        file = case_file(Told(own=own, facts=facts, timeline=told.entries, speech=speech, at=at))
        opener = self._vault.opener(of_records=reader is Role.AUDITOR)
        file = replace(
            file, customer=opener.reference(file.customer), order=opener.reference(file.order)
        )
        return pb.GetEscalationResponse(
            case_file=to_message(file, pb.CaseFile, words=opener.clear),
            next_timeline_page_token=told.earlier,
        )

    def since(self, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
        """What every service said after the version beside it, in order for each service."""
        with self._engine.connect() as conn:
            return received.said(conn, SOURCE, stream, after)

    def facts(self, stream: StreamId) -> list[Fact]:
        """Everything that any service said of the case, as far as it has arrived."""
        return [wire.fact(one) for one in self.since(stream, FROM_THE_START)]

    def speech(self, tenant: Tenant, facts: Sequence[Fact]) -> Speech:
        """What the sentences of a case may look up; the directory names whom its facts do not."""
        unknown = sorted(strangers(facts))
        if not unknown:
            return speech_of(facts)
        streams = [StreamId(tenant, _DIRECTORY, one) for one in unknown]
        with self._engine.connect() as conn:
            said = received.last_of_streams(conn, "routing", streams, _ENTERED)
        entries = [wire.fact(one) for one in said]
        return speech_of(facts, {one["decision_maker_id"]: one["public_name"] for one in entries})

    def references(self, stream: StreamId) -> tuple[str, str]:
        """The tenant's clear references of customer and order; empty where forgotten.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
        """
        for stored in self._log.read_stream(stream):
            event = self._log.decoded(stored)
            if isinstance(event, EscalationOpened):
                opener = self._vault.opener()
                return opener.reference(event.customer).value, opener.reference(event.order).value
        raise EscalationNotFound(stream.subject)

    def _received(self, stream: StreamId) -> list[Envelope]:
        with self._engine.connect() as conn:
            return received.of_stream(conn, stream, dict.fromkeys(OTHERS, 0))


def _sizes(said: Iterable[Envelope]) -> dict[Place, int]:
    return {(one.source, one.version): len(one.data) for one in said}
