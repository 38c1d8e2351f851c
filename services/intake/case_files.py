"""Case files: a whole case for those who may read it, told from the events of all services.

Nothing is kept for them: the own log and the inbox are read each time, so a case file is never
older than what has arrived, and there is no second copy of anybody's words.
"""

from collections.abc import Mapping

from sqlalchemy import Engine

from amends.eventstore import received
from amends.eventstore.codec import to_message
from amends.eventstore.log import EventLog
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId
from amends.v1 import intake_service_pb2 as pb
from amends.values.personal import Forgotten, Personal
from amends.values.refusal import EscalationNotFound
from services.intake import wire
from services.intake.domain.case_file import case_file
from services.intake.domain.opening import EscalationOpened
from services.intake.read_models import OTHERS, SOURCE

FROM_THE_START: Mapping[str, int] = dict.fromkeys((SOURCE, *OTHERS), 0)
"""The version of each service's stream before anything was said."""


class CaseFiles:
    """Reads cases from the log and the inbox."""

    def __init__(self, engine: Engine, log: EventLog, vault: Vault) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._log = log
        self._vault = vault

    def show(self, stream: StreamId) -> pb.CaseFile:
        """The whole case, its words clear; those of a forgotten customer are empty.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
        """
        stored = self._log.read_stream(stream)
        own = [self._log.decoded(one) for one in stored]
        if not any(isinstance(event, EscalationOpened) for event in own):
            raise EscalationNotFound(stream.subject)
        said = [one.envelope(SOURCE) for one in stored]
        facts = [wire.fact(one) for one in (*said, *self._received(stream, FROM_THE_START))]
        return to_message(case_file(own, facts), pb.CaseFile, words=self._clear)

    def since(self, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
        """What every service said after the version beside it, in order for each service."""
        own = self._log.read_stream(stream, after[SOURCE])
        return [*(one.envelope(SOURCE) for one in own), *self._received(stream, after)]

    def references(self, stream: StreamId) -> tuple[str, str]:
        """The tenant's clear references of customer and order; empty where forgotten.

        Raises:
            EscalationNotFound: there is no such case in this tenant.
        """
        for stored in self._log.read_stream(stream):
            event = self._log.decoded(stored)
            if isinstance(event, EscalationOpened):
                return self._clear(event.customer), self._clear(event.order)
        raise EscalationNotFound(stream.subject)

    def _received(self, stream: StreamId, after: Mapping[str, int]) -> list[Envelope]:
        others = {source: version for source, version in after.items() if source != SOURCE}
        with self._engine.connect() as conn:
            return received.of_stream(conn, stream, others)

    def _clear(self, words: Personal[str]) -> str:
        found = self._vault.reveal(words)
        return "" if isinstance(found, Forgotten) else found
