"""Parking as others see it: an alarm in the service's own log, from the moment a stream waits.

Raised and cleared in the very transactions that park the stream and let it go on, so that neither
is ever without the other, whatever dies in between.
"""

from typing import Protocol

from sqlalchemy import Connection

from amends import telemetry
from amends.clock import Clock
from amends.eventstore.log import EventLog, Recorded
from amends.eventstore.records import Envelope
from amends.rpc.alarms import ALARMS
from amends.v1 import event_pb2
from amends.values.alarm import Alarms, ClearAlarm, RaiseAlarm
from amends.values.identity import Actor, AlarmId, Call, Role, Subject, derived_request_id

INBOX_PARKED = "INBOX_PARKED"
"""The kind of the alarm."""


class Parking(Protocol):
    """Who is told that streams wait; called within the transaction that makes it so."""

    def waits(self, conn: Connection, envelope: Envelope, problem: str) -> None:
        """The stream waits at this event; told again at each try, which changes nothing."""

    def goes_on(self, conn: Connection, envelope: Envelope) -> None:
        """No stream of this subject waits any more; this event was the first to be taken in."""


class Nobody:
    """For stores without a log of their own."""

    def waits(self, conn: Connection, envelope: Envelope, problem: str) -> None:
        """Nobody is told."""

    def goes_on(self, conn: Connection, envelope: Envelope) -> None:
        """Nobody is told."""


class ParkingAlarms:
    """Raises and clears INBOX_PARKED in the log of the service `name`.

    Raises:
        Conflict: the stream has gone on meanwhile: the transaction is lost, do all of it again.
    """

    def __init__(self, name: str, log: EventLog, clock: Clock) -> None:
        self._name = name
        self._log = log
        self._clock = clock

    def waits(self, conn: Connection, envelope: Envelope, problem: str) -> None:
        """The alarm stands."""
        telemetry.log().error(
            "parked",
            stream=str(envelope.stream),
            version=envelope.version,
            type=envelope.type,
            reason=problem,
        )
        call = self._call("RaiseAlarm", envelope)
        command = RaiseAlarm(
            alarm_id=AlarmId(call.new_id("alm_")),
            kind=INBOX_PARKED,
            clears_when=self._clears_when(envelope),
            at=self._clock.now(),
        )
        self._log.record(conn, envelope.stream, ALARMS, command, call, respond=_raised)

    def goes_on(self, conn: Connection, envelope: Envelope) -> None:
        """It stands no longer."""
        call = self._call("ClearAlarm", envelope)
        command = ClearAlarm(INBOX_PARKED, self._clock.now())
        self._log.record(conn, envelope.stream, ALARMS, command, call, respond=_cleared)

    def _call(self, rpc: str, envelope: Envelope) -> Call:
        """The same at each repeat."""
        return Call(
            actor=Actor(Subject(f"service:{self._name}"), envelope.tenant, Role.SERVICE),
            rpc=rpc,
            request_id=derived_request_id(envelope.event_id, rpc, INBOX_PARKED),
            request_digest=b"",
            causation_id=envelope.event_id,
        )

    def _clears_when(self, envelope: Envelope) -> str:
        event = f"{envelope.type} (event {envelope.version} of {envelope.source})"
        return (
            f"{self._name} can take in {event}: install a {self._name} that can read it, or mend "
            f"it at {envelope.source}; it is tried again by itself"
        )


def _raised(recorded: Recorded[Alarms]) -> event_pb2.RaiseAlarmResponse:
    stands = recorded.state.standing[INBOX_PARKED]
    return event_pb2.RaiseAlarmResponse(alarm_id=stands.alarm_id, version=recorded.version)


def _cleared(recorded: Recorded[Alarms]) -> event_pb2.ClearAlarmResponse:
    return event_pb2.ClearAlarmResponse(version=recorded.version)
