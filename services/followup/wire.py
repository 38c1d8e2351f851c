"""Follow-ups as the contract spells them, where names alone do not say it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import followup_service_pb2 as pb
from amends.values.identity import DebriefId, FollowUpId, Role, Subject
from amends.values.personal import Personal
from services.followup.domain.answering import MissFollowUp, RecordFollowUp
from services.followup.domain.asking import AskFollowUp
from services.followup.domain.debrief import Debrief
from services.followup.domain.debriefing import RecordDebrief
from services.followup.domain.follow_up import (
    EscalationReopened,
    FollowUp,
    FollowUps,
    FollowUpState,
    Outcome,
    Staying,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """pb.Debrief by its field names."""

    debrief: DebriefId
    requested_at: datetime
    due_by: datetime
    recorded_at: datetime | None = None
    how: Personal[str] | None = None
    better: Personal[str] | None = None
    process_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """GetFollowUpResponse by its field names."""

    follow_up: FollowUpId | None = None
    state: FollowUpState | None = None
    ask_by: datetime | None = None
    answer_by: datetime | None = None
    solved: bool = False
    pleased: bool = False
    staying: Staying | None = None
    words: Personal[str] | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    debrief: _Learned | None = None
    version: int


def ask_follow_up(request: pb.AskFollowUpRequest, at: datetime) -> AskFollowUp:
    """The command of a request."""
    return from_message(request, AskFollowUp, at=at)


def record_follow_up(request: pb.RecordFollowUpRequest, at: datetime) -> RecordFollowUp:
    """The command of a request; who did not say whether they stay is not known to."""
    if request.staying:
        return from_message(request, RecordFollowUp, at=at)
    return from_message(request, RecordFollowUp, at=at, staying=Staying.UNKNOWN)


def miss_follow_up(request: pb.MissFollowUpRequest, at: datetime) -> MissFollowUp:
    """The command of a request."""
    return from_message(request, MissFollowUp, at=at)


def record_debrief(request: pb.RecordDebriefRequest, who: Subject, at: datetime) -> RecordDebrief:
    """The command of a request."""
    return from_message(request, RecordDebrief, who=who, at=at)


def scheduled(recorded: Recorded[FollowUps]) -> pb.ScheduleFollowUpResponse:
    """The follow-up that stands; none where the case was closed instead."""
    if recorded.state.latest is None:
        return pb.ScheduleFollowUpResponse(version=recorded.version)
    stands = recorded.state.latest.scheduled
    return pb.ScheduleFollowUpResponse(
        follow_up_id=stands.follow_up,
        ask_by=to_timestamp(stands.ask_by),
        version=recorded.version,
    )


def asked(follow_up: FollowUpId, recorded: Recorded[FollowUps]) -> pb.AskFollowUpResponse:
    """By when the customer should answer; unset where they were never asked."""
    answer_by = recorded.state.by_id[follow_up].answer_by
    return pb.AskFollowUpResponse(
        answer_by=None if answer_by is None else to_timestamp(answer_by),
        version=recorded.version,
    )


def answered(recorded: Recorded[FollowUps]) -> pb.RecordFollowUpResponse:
    """Whether the case is open again."""
    reopened = any(isinstance(event, EscalationReopened) for event in recorded.events)
    return pb.RecordFollowUpResponse(reopened=reopened, version=recorded.version)


def missed(follow_up: FollowUpId, recorded: Recorded[FollowUps]) -> pb.MissFollowUpResponse:
    """How the follow-up stands, missed or not."""
    state = recorded.state.by_id[follow_up].state
    return pb.MissFollowUpResponse(state=f"FOLLOW_UP_STATE_{state.name}", version=recorded.version)


def closed(recorded: Recorded[FollowUps]) -> pb.CloseEscalationResponse:
    """How the case ended."""
    over = recorded.state.closed
    return pb.CloseEscalationResponse(
        outcome=None if over is None else f"OUTCOME_{over.outcome.name}", version=recorded.version
    )


def debrief_requested(recorded: Recorded[FollowUps]) -> pb.RequestDebriefResponse:
    """The debrief that stands; none where the customer was forgotten before it was asked for."""
    if recorded.state.debrief is None:
        return pb.RequestDebriefResponse(version=recorded.version)
    stands = recorded.state.debrief.requested
    return pb.RequestDebriefResponse(
        debrief_id=stands.debrief, due_by=to_timestamp(stands.due_by), version=recorded.version
    )


def told(
    recorded: Recorded[FollowUps], words: Callable[[Personal[str]], str], reader: Role
) -> pb.GetFollowUpResponse:
    """How the latest follow-up stands; `words` opens what the customer said.

    What was learned is for staff: a platform hears only that it was.
    """
    state, over = recorded.state, recorded.state.closed
    found = _Told(
        version=recorded.version,
        outcome=None if over is None else over.outcome,
        closed_at=None if over is None else over.closed_at,
        debrief=None if state.debrief is None else _learned(state.debrief, reader),
    )
    if state.latest is not None:
        found = _with_follow_up(found, state.latest)
    return to_message(found, pb.GetFollowUpResponse, words=words)


def _learned(debrief: Debrief, reader: Role) -> _Learned:
    asked, said = debrief.requested, debrief.recorded
    found = _Learned(debrief=asked.debrief, requested_at=asked.requested_at, due_by=asked.due_by)
    if said is None:
        return found
    found = replace(found, recorded_at=said.recorded_at, process_broken=said.process_broken)
    return found if reader is Role.PLATFORM else replace(found, how=said.how, better=said.better)


def _with_follow_up(found: _Told, latest: FollowUp) -> _Told:
    found = replace(
        found,
        follow_up=latest.scheduled.follow_up,
        state=latest.state,
        ask_by=latest.scheduled.ask_by,
        answer_by=latest.answer_by,
    )
    said = latest.answer
    if said is None:
        return found
    return replace(
        found, solved=said.solved, pleased=said.pleased, staying=said.staying, words=said.words
    )
