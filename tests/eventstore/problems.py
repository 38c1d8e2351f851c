"""A small domain for the store's tests: a problem is restated, in words, up to a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from google.protobuf.message import Message
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    literal,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from amends.eventstore.codec import Codec
from amends.eventstore.log import Aggregate, Recorded
from amends.eventstore.records import Envelope, StoredEvent
from amends.eventstore.sealing import sealed_bytes
from amends.eventstore.subscription import Handler
from amends.v1 import intake_events_pb2, intake_service_pb2
from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.identity import EscalationId
from amends.values.personal import Personal
from amends.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Restate:
    escalation: EscalationId
    words: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class ProblemRestated:
    escalation: EscalationId
    restatement: int
    words: Personal[str]
    restated_by: str
    confirm_by: datetime
    restated_at: datetime


class SaidTooOften(Refusal):
    """The limit of this test's domain."""

    reason: ClassVar[str] = "COOLING_OFF"


@dataclass(frozen=True, slots=True)
class Problems:
    said: tuple[Personal[str], ...] = ()


def decide(problems: Problems, command: Restate, limit: int | None) -> Sequence[ProblemRestated]:
    count = len(problems.said)
    if limit is not None and count >= limit:
        raise SaidTooOften(f"said {count} times; listen instead")
    return (
        ProblemRestated(
            command.escalation,
            count + 1,
            command.words,
            "dm",
            command.at + timedelta(hours=1),
            command.at,
        ),
    )


def evolve(problems: Problems, event: object) -> Problems:
    if isinstance(event, ProblemRestated):
        return Problems((*problems.said, event.words))
    return problems


PROBLEMS = Aggregate(Problems(), decide, evolve)


def codec() -> Codec:
    return Codec([ProblemRestated, AlarmRaised, AlarmCleared])


def respond(recorded: Recorded[Problems]) -> intake_service_pb2.RestateProblemResponse:
    return intake_service_pb2.RestateProblemResponse(
        restatement=len(recorded.state.said), version=recorded.version
    )


TABLES = MetaData()
restatements = Table(
    "restatements",
    TABLES,
    Column("escalation_id", Text, primary_key=True),
    Column("restatement", Integer, primary_key=True),
    Column("words", LargeBinary, nullable=False),
)
heard = Table(
    "heard",
    TABLES,
    Column("escalation_id", Text, primary_key=True),
    Column("order_heard", Text, nullable=False),
)


class Restatements:
    """The read model of the own log."""

    tables = (restatements,)

    def apply(self, conn: Connection, stored: StoredEvent, event: object) -> None:
        if isinstance(event, ProblemRestated):
            conn.execute(
                insert(restatements).values(
                    escalation_id=stored.stream.subject,
                    restatement=event.restatement,
                    words=sealed_bytes(event.words),
                )
            )


@dataclass(frozen=True, slots=True)
class Hearing:
    """What another service heard of intake; its row shows in which order, and how often."""

    source: str = "intake"
    tables: Sequence[Table] = (heard,)
    broken: set[str] = field(default_factory=set)
    """Escalations at which the handler fails, as a bug would."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {"amends.v1.ProblemRestated": self._restated}

    def _restated(self, conn: Connection, message: Message, envelope: Envelope) -> None:
        assert isinstance(message, intake_events_pb2.ProblemRestated)
        if envelope.subject in self.broken:
            raise KeyError(envelope.subject)
        said = f"{message.restatement} "
        fresh = upsert(heard).values(escalation_id=envelope.subject, order_heard=said)
        conn.execute(
            fresh.on_conflict_do_update(
                index_elements=["escalation_id"],
                set_={"order_heard": heard.c.order_heard + literal(said)},
            )
        )
