"""A case file as a person reads it: who wants what, who owns it, what happened when."""

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from amends.cli import parse, render
from amends.cli.options import ZONE
from amends.v1 import intake_service_pb2, resolution_service_pb2, types_pb2
from amends.v1.resolution_events_pb2 import ResponseKind

_DEFAULT_ZONE = ZONE
_CLOCK = len("15:10")


def show_case(
    case: intake_service_pb2.CaseFile,
    responses: Iterable[resolution_service_pb2.Response] = (),
    zone: str = "",
) -> None:
    """Prints the case; times on the customer's clock unless another zone is named."""
    zone = zone or case.need_by.zone or _DEFAULT_ZONE
    for label, value in (*_facts(case, zone), ("to deliver", _undelivered(responses, zone))):
        if value:
            # What people said may hold brackets, which mean nothing here.
            render.console.print(f"[bold]{label:>12}[/bold]  {escape(value)}")
    render.console.print(f"\n[bold]What happened[/bold] ({zone})")
    render.console.print(_timeline(case, zone))


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
        ("needed by", _need_by(case, zone)),
        ("understood", _restated(case)),
        ("owner", case.owner.public_name),
        ("hand-over", _hand_over(case, zone)),
        ("waiting", _waiting(case, zone)),
        ("offers", ", ".join(f"{offer.offer_id} {offer.state}" for offer in case.offers)),
        ("alarms", "; ".join(f"{one.kind}, clears when {one.clears_when}" for one in case.alarms)),
        ("outcome", case.outcome),
    ]


def _whose(case: intake_service_pb2.CaseFile) -> str:
    if not case.customer:
        return "the customer was forgotten"
    return f"customer {case.customer}, order {case.order}"


def _undelivered(responses: Iterable[resolution_service_pb2.Response], zone: str) -> str:
    """What the platform has still to bring to the customer."""
    waiting = [one for one in responses if not one.delivered_at.seconds]
    return "; ".join(
        f"{one.response_id} {parse.word(ResponseKind.Name(one.kind), 'RESPONSE_KIND_')}"
        f"{_until(one.deliver_by, zone)}"
        for one in waiting
    )


def _need_by(case: intake_service_pb2.CaseFile, zone: str) -> str:
    by = render.when(case.need_by.by, zone)
    return f"{by}, {case.occasion}" if by and case.occasion else by


def _restated(case: intake_service_pb2.CaseFile) -> str:
    if not case.restatement.number:
        return ""
    sure = "confirmed" if case.restatement.confirmed else "not confirmed yet"
    return f"{case.restatement.words}  ({sure})"


def _hand_over(case: intake_service_pb2.CaseFile, zone: str) -> str:
    if not case.HasField("hand_over"):
        return ""
    offered = case.hand_over
    who = f"{offered.to_public_name} may accept the case from {offered.from_public_name}"
    return f"{who}{_until(offered.return_by, zone)}"


def _waiting(case: intake_service_pb2.CaseFile, zone: str) -> str:
    until = _until(case.waiting_until, zone)
    return f"{case.waiting_for}{until}" if case.waiting_for else ""


def _until(stamp: Timestamp, zone: str) -> str:
    by = render.when(stamp, zone)
    return f", until {by}" if by else ""


def _timeline(case: intake_service_pb2.CaseFile, zone: str) -> Table:
    """One line for each thing that happened, with the deadline that it set."""
    drawn = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(no_wrap=True)
    drawn.add_column()
    for entry in case.timeline:
        told = Text(entry.summary)
        until = render.when(entry.due_by, zone)
        if until[-_CLOCK:] not in entry.summary:
            told.append(f" · until {until}", style="dim")
        drawn.add_row(render.when(entry.at, zone), entry.actor, told)
    return drawn
