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
        return f"{needed}; {_accept(accept_by, zone, at)}"
    return f"{needed}; {state.name.lower().replace('_', ' ')}"


def _needed(need_by: NeedBy, at: datetime) -> str:
    when = need_by.local().strftime("%a %d %b %H:%M")
    if need_by.by <= at:
        return f"was needed by {when}, {_span(at - need_by.by)} ago"
    return f"needed by {when}, in {_span(need_by.by - at)}"


def _accept(accept_by: datetime, zone: str, at: datetime) -> str:
    when = accept_by.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    if accept_by <= at:
        return f"should have been accepted by {when}"
    return f"to be accepted by {when}, in {_span(accept_by - at)}"


def _span(span: timedelta) -> str:
    minutes = max(span // _MINUTE, 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
