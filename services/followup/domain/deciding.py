"""One door to what follow-up decides about a case."""

from collections.abc import Sequence
from typing import assert_never

from services.followup.domain import answering, asking, closing, debriefing, forgetting, reopening
from services.followup.domain.answering import MissFollowUp, RecordFollowUp
from services.followup.domain.asking import AskFollowUp, ScheduleFollowUp
from services.followup.domain.case import Case
from services.followup.domain.closing import CloseEscalation
from services.followup.domain.debriefing import RecordDebrief, RequestDebrief
from services.followup.domain.follow_up import Event, FollowUps
from services.followup.domain.forgetting import EndForgotten
from services.followup.domain.reopening import ReopenForRefund

Command = (
    ScheduleFollowUp
    | AskFollowUp
    | RecordFollowUp
    | MissFollowUp
    | ReopenForRefund
    | RequestDebrief
    | RecordDebrief
    | CloseEscalation
    | EndForgotten
)


def decide(follow_ups: FollowUps, command: Command, case: Case) -> Sequence[Event]:
    """Events that the command causes, or a refusal; a repeat is no new event."""
    match command:
        case ScheduleFollowUp():
            decided: Sequence[Event] = asking.schedule(follow_ups, command, case)
        case AskFollowUp():
            decided = asking.ask(follow_ups, command, case)
        case RecordFollowUp():
            decided = answering.record(follow_ups, command, case)
        case MissFollowUp():
            decided = answering.miss(follow_ups, command, case)
        case ReopenForRefund():
            decided = reopening.for_refund(follow_ups, command, case)
        case RequestDebrief():
            decided = debriefing.request(follow_ups, command, case)
        case RecordDebrief():
            decided = debriefing.record(follow_ups, command, case)
        case CloseEscalation():
            decided = closing.close(follow_ups, command, case)
        case EndForgotten():
            decided = forgetting.end(follow_ups, command, case)
        case _:
            assert_never(command)
    return decided
