"""Urgency: why an assignment stands where it does in its holder's queue, in one sentence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from amends.values.deadline import NeedBy
from services.routing.domain.assignment import AssignmentState

_MINUTE = timedelta(minutes=1)


def urgency(
    state: AssignmentState, need_by: NeedBy | None, accept_by: datetime, zone: str, at: datetime
) -> str:
    """Most urgent first means: what is needed first, then what must be accepted first.

    `zone` is the holder's; the need-by is told in the customer's.
    """
    needed = "no date was named" if need_by is None else _needed(need_by, at)
    if state is AssignmentState.OFFERED:
        return f"{needed}; {_due('accepted', accept_by, zone, at)}"
    return f"{needed}; {state.name.lower().replace('_', ' ')}"


def to_decide(need_by: NeedBy | None, approve_by: datetime, zone: str, at: datetime) -> str:
    """The same of a draft that waits for a yes or a no."""
    needed = "no date was named" if need_by is None else _needed(need_by, at)
    return f"{needed}; {_due('approved or rejected', approve_by, zone, at)}"


def _needed(need_by: NeedBy, at: datetime) -> str:
    when = need_by.local().strftime("%a %d %b %H:%M")
    if need_by.by <= at:
        return f"was needed by {when}, {_span(at - need_by.by)} ago"
    return f"needed by {when}, in {_span(need_by.by - at)}"


def _due(done: str, due_by: datetime, zone: str, at: datetime) -> str:
    when = due_by.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    if due_by <= at:
        return f"should have been {done} by {when}"
    return f"to be {done} by {when}, in {_span(due_by - at)}"


def _span(span: timedelta) -> str:
    minutes = max(span // _MINUTE, 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
