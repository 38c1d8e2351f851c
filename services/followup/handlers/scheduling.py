"""Scheduling: a follow-up stands as soon as follow-up hears that a case is made right (ADR 12)."""

from functools import partial

from google.protobuf.empty_pb2 import Empty

from amends.clock import Clock
from amends.eventstore.records import Envelope
from amends.eventstore.unasked import Unasked
from amends.values.identity import Call, EscalationId, FollowUpId
from services.followup.domain.asking import ScheduleFollowUp
from services.followup.handlers.follow_ups import FollowUpHandlers

_RESOLVED = "amends.v1.EscalationResolved"


def scheduling(service: str, handlers: FollowUpHandlers, clock: Clock) -> Unasked:
    """Schedules the follow-up of each case that was resolved a moment ago."""
    do = partial(_schedule, handlers, clock)
    return Unasked(service, _RESOLVED, ScheduleFollowUp.__name__, do, clock.now)


def _schedule(handlers: FollowUpHandlers, clock: Clock, call: Call, resolved: Envelope) -> None:
    command = ScheduleFollowUp(follow_up=FollowUpId(call.new_id("fup_")), at=clock.now())
    handlers.decide(EscalationId(resolved.subject), command, call, lambda _recorded: Empty())
