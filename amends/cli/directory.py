"""Operations: the directory of decision-makers, what each may grant, and who is away."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from google.protobuf.json_format import ParseDict, ParseError

from amends.cli import clock, parse, render
from amends.cli.options import OPERATOR, ZONE, Holder, Json, Operator, RequestId, Zone
from amends.cli.session import caller, says_refusals
from amends.client import Caller, new_request_id
from amends.settings import Settings
from amends.v1 import routing_service_pb2, types_pb2
from amends.values.identity import Role


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(help="The directory of decision-makers.", no_args_is_help=True)
    group.command("list")(says_refusals(list_everybody))
    group.command("show")(says_refusals(show_holder))
    group.command()(says_refusals(load))
    group.command()(says_refusals(away))
    group.command()(says_refusals(back))
    app.add_typer(group, name="directory")


def list_everybody(*, subject: Operator = OPERATOR, as_json: Json = False) -> None:
    """Everybody who may decide, least senior first, with their limits per case."""
    request = routing_service_pb2.ListDecisionMakersRequest(page_size=500)
    with caller(subject, Role.OPERATIONS) as operator:
        found = operator.routing.ListDecisionMakers(request)
    if as_json:
        render.as_json(found)
    else:
        _table("Directory", found.decision_makers)


def show_holder(holder: Holder, *, subject: Operator = OPERATOR, as_json: Json = False) -> None:
    """One entry, with their limits per case."""
    request = routing_service_pb2.GetDecisionMakerRequest(decision_maker_id=holder)
    with caller(subject, Role.OPERATIONS) as operator:
        found = operator.routing.GetDecisionMaker(request)
    if as_json:
        render.as_json(found)
    else:
        _table("Directory", [found.decision_maker])


def load(
    file: Annotated[Path, typer.Argument(help="A JSON file of people and grants.", exists=True)],
    *,
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """Enter everybody of a file, with their grants; loading it again changes nothing more."""
    try:
        people = json.loads(file.read_text())
        with caller(subject, Role.OPERATIONS) as operator:
            for person in people:
                enter(operator, person)
    except (ValueError, ParseError, KeyError, TypeError, AttributeError) as error:
        msg = f"{file.name} is no list of people as deploy/local/sole-mates.json has them"
        raise typer.BadParameter(msg) from error
    if as_json:
        render.as_json({"entered": len(people)})
    else:
        typer.echo(f"{len(people)} entered from {file.name}")


def enter(operator: Caller, person: dict[str, Any]) -> None:
    """Enters one person: the contract's DecisionMaker as JSON, with `grants` and `away_until`."""
    grants = person.get("grants", {})
    entry = ParseDict(person["entry"], routing_service_pb2.DecisionMaker())
    operator.routing.UpdateDecisionMaker(
        routing_service_pb2.UpdateDecisionMakerRequest(
            request_id=new_request_id(), decision_maker=entry, allow_missing=True
        )
    )
    for action, limit in grants.items():
        operator.routing.GrantAuthority(
            routing_service_pb2.GrantAuthorityRequest(
                request_id=new_request_id(),
                decision_maker_id=entry.decision_maker_id,
                action=parse.member(types_pb2.Action, "ACTION_", action),
                per_case=parse.money(limit),
            )
        )


def away(
    holder: Holder,
    *,
    until: Annotated[str, typer.Option(help=f"Where it is known. {parse.WHEN}")] = "",
    stand_in: Annotated[str, typer.Option(help="Who stands in: dm_...")] = "",
    zone: Zone = ZONE,
    subject: Operator = OPERATOR,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Somebody is away: no case goes to them."""
    request = routing_service_pb2.SetAvailabilityRequest(
        request_id=request_id,
        decision_maker_id=holder,
        available=False,
        away_until=parse.stamp(until, zone, clock.now(Settings())) if until else None,
        stand_in=stand_in,
    )
    with caller(subject, Role.OPERATIONS) as operator:
        known = operator.routing.SetAvailability(request)
    render.say(known, f"{holder} is away", as_json=as_json)


def back(
    holder: Holder, *, subject: Operator = OPERATOR, request_id: RequestId, as_json: Json = False
) -> None:
    """Somebody is available again."""
    request = routing_service_pb2.SetAvailabilityRequest(
        request_id=request_id, decision_maker_id=holder, available=True
    )
    with caller(subject, Role.OPERATIONS) as operator:
        known = operator.routing.SetAvailability(request)
    render.say(known, f"{holder} is available", as_json=as_json)


def _table(title: str, people: Iterable[routing_service_pb2.DecisionMaker]) -> None:
    rows = [
        (
            maker.decision_maker_id,
            maker.public_name,
            str(maker.seniority),
            "yes" if maker.available else "away",
            f"{maker.load} of {maker.capacity}",
            ", ".join(_grant(grant) for grant in maker.grants),
        )
        for maker in people
    ]
    columns = ("id", "name", "seniority", "available", "load", "may grant per case")
    render.table(title, columns, rows)


def _grant(grant: routing_service_pb2.Grant) -> str:
    action = parse.word(types_pb2.Action.Name(grant.action), "ACTION_")
    return f"{action} {render.money(grant.per_case)}"
