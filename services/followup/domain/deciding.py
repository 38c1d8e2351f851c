"""One door to what follow-up decides about a case."""

from collections.abc import Sequence
from typing import assert_never

from services.followup.domain import answering, asking, closing, forgetting
from services.followup.domain.answering import MissFollowUp, RecordFollowUp
from services.followup.domain.asking import AskFollowUp, ScheduleFollowUp
from services.followup.domain.case import Case
from services.followup.domain.closing import CloseEscalation
from services.followup.domain.follow_up import Event, FollowUps
from services.followup.domain.forgetting import EndForgotten

Command = (
    ScheduleFollowUp | AskFollowUp | RecordFollowUp | MissFollowUp | CloseEscalation | EndForgotten
)


def decide(follow_ups: FollowUps, command: Command, case: Case) -> Sequence[Event]:
    """Events that the command causes, or a refusal; a repeat is no new event."""
    match command:
        case ScheduleFollowUp():
            return asking.schedule(follow_ups, command, case)
        case AskFollowUp():
            return asking.ask(follow_ups, command, case)
        case RecordFollowUp():
            return answering.record(follow_ups, command, case)
        case MissFollowUp():
            return answering.miss(follow_ups, command, case)
        case CloseEscalation():
            return closing.close(follow_ups, command, case)
        case EndForgotten():
            return forgetting.end(follow_ups, command, case)
        case _:
            assert_never(command)
