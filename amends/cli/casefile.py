"""A case file as a person reads it: who wants what, who owns it, what is due, what happened."""

from collections.abc import Iterable, Iterator

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from amends.cli import ledger, parse, render
from amends.v1 import (
    followup_events_pb2,
    followup_service_pb2,
    intake_service_pb2,
    resolution_service_pb2,
    types_pb2,
)

_CLOCK = len("15:10")


def show_case(
    case: intake_service_pb2.CaseFile,
    made: resolution_service_pb2.GetResolutionResponse | None = None,
    later: followup_service_pb2.GetFollowUpResponse | None = None,
    zone: str = "",
) -> None:
    """Prints the case; times on the customer's clock unless another zone is named."""
    zone = zone or case.zone
    made = made or resolution_service_pb2.GetResolutionResponse()
    later = later or followup_service_pb2.GetFollowUpResponse()
    for label, value in (*_facts(case, zone), *_due(case, made, later, zone)):
        if value:
            # What people said may hold brackets, which mean nothing here.
            render.console.print(f"[bold]{label:>12}[/bold]  {escape(value)}")
    _section("Offers", ledger.offers(made, zone))
    _section("Promises", ledger.promises(made, zone))
    render.console.print(f"\n[bold]What happened[/bold] ({zone})")
    render.console.print(_timeline(case.timeline, zone))


def happened(entry: intake_service_pb2.TimelineEntry, zone: str) -> Text:
    """One thing that happened, in words, with the deadline that it set."""
    told = Text(entry.summary)
    until = render.when(entry.due_by, zone)
    if until[-_CLOCK:] not in entry.summary:
        told.append(f" · until {until}", style="dim")
    return told


def _facts(case: intake_service_pb2.CaseFile, zone: str) -> list[tuple[str, str]]:
    stage = parse.word(types_pb2.Stage.Name(case.stage), "STAGE_")
    cause = parse.word(types_pb2.Cause.Name(case.cause), "CAUSE_")
    channel = parse.word(types_pb2.Channel.Name(case.channel), "CHANNEL_")
    return [
        ("case", f"{case.escalation_id}  ({stage}, priority {case.priority})"),
        ("about", f"{cause}, by {channel}; {_whose(case)}"),
        ("words", case.words),
        ("stake", case.stake),
        ("hopes", case.expected_outcome),
        ("sought", _sought(case.remedy_sought)),
        ("needed by", _need_by(case, zone)),
        ("understood", _restated(case)),
        ("owner", _owner(case, zone)),
        ("hand-over", _hand_over(case, zone)),
    ]


def _due(
    case: intake_service_pb2.CaseFile,
    made: resolution_service_pb2.GetResolutionResponse,
    later: followup_service_pb2.GetFollowUpResponse,
    zone: str,
) -> Iterator[tuple[str, str]]:
    """What the case waits for, what is wrong with that, and how it ended."""
    if case.waiting_for:
        yield "waiting", f"{case.waiting_for}{render.until(case.waiting_until, zone)}"
    for alarm in case.alarms:
        since = render.when(alarm.since, zone)
        yield "ALARM", f"{alarm.kind} since {since}; clears when {alarm.clears_when}"
    for response in ledger.undelivered(made, zone):
        yield "to deliver", response
    yield "follow-up", _follow_up(later, zone)
    yield "debrief", _debrief(later.debrief, zone) if later.HasField("debrief") else ""
    yield "outcome", case.outcome


def _whose(case: intake_service_pb2.CaseFile) -> str:
    if not case.customer:
        return "the customer was forgotten"
    return f"customer {case.customer}, order {case.order}"


def _sought(sought: types_pb2.RemedySought) -> str:
    kinds = [parse.word(types_pb2.RemedyKind.Name(kind), "REMEDY_KIND_") for kind in sought.kinds]
    share = f"{sought.percent} %" if sought.percent else ""
    return ", ".join(filter(None, (*kinds, share, render.money(sought.amount))))


def _need_by(case: intake_service_pb2.CaseFile, zone: str) -> str:
    by = render.when(case.need_by.by, zone)
    return f"{by}, {case.occasion}" if by and case.occasion else by


def _restated(case: intake_service_pb2.CaseFile) -> str:
    if not case.restatement.number:
        return ""
    sure = "confirmed" if case.restatement.confirmed else "not confirmed yet"
    return f"{case.restatement.words}  ({sure})"


def _owner(case: intake_service_pb2.CaseFile, zone: str) -> str:
    since = render.when(case.owner.since, zone)
    return f"{case.owner.public_name}, since {since}" if since else case.owner.public_name


def _hand_over(case: intake_service_pb2.CaseFile, zone: str) -> str:
    if not case.HasField("hand_over"):
        return ""
    offered = case.hand_over
    who = f"{offered.to_public_name} may accept the case from {offered.from_public_name}"
    return f"{who}{render.until(offered.return_by, zone)}"


def _follow_up(later: followup_service_pb2.GetFollowUpResponse, zone: str) -> str:
    state = parse.word(followup_service_pb2.FollowUpState.Name(later.state), "FOLLOW_UP_STATE_")
    match later.state:
        case followup_service_pb2.FOLLOW_UP_STATE_SCHEDULED:
            return f"the customer is asked {render.when(later.ask_by, zone)}"
        case followup_service_pb2.FOLLOW_UP_STATE_ASKED:
            return f"the customer was asked{render.until(later.answer_by, zone)}"
        case followup_service_pb2.FOLLOW_UP_STATE_ANSWERED:
            return _answered(later)
        case followup_service_pb2.FOLLOW_UP_STATE_UNSPECIFIED:
            return ""
        case _:
            return state


def _answered(later: followup_service_pb2.GetFollowUpResponse) -> str:
    solved = "solved" if later.solved else "not solved"
    pleased = "pleased" if later.pleased else "not pleased"
    staying = parse.word(followup_events_pb2.Staying.Name(later.staying), "STAYING_")
    words = f": {later.words}" if later.words else ""
    return f"{solved}, {pleased}, staying: {staying}{words}"


def _debrief(debrief: followup_service_pb2.Debrief, zone: str) -> str:
    if not debrief.recorded_at.seconds:
        return f"asked for{render.until(debrief.due_by, zone)}"
    broken = "; a process is broken" if debrief.process_broken else ""
    better = f"; better: {debrief.better}" if debrief.better else ""
    return f"{debrief.how}{better}{broken}"


def _section(title: str, lines: Iterable[str]) -> None:
    """A heading with its lines, where there are any."""
    known = list(lines)
    if known:
        render.console.print(f"\n[bold]{title}[/bold]")
    for line in known:
        render.console.print(f"  {escape(line)}")


def _timeline(entries: Iterable[intake_service_pb2.TimelineEntry], zone: str) -> Table:
    drawn = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(no_wrap=True)
    drawn.add_column()
    for entry in entries:
        drawn.add_row(render.when(entry.at, zone), Text(entry.actor), happened(entry, zone))
    return drawn
