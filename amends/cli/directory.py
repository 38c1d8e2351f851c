"""Operations: the directory of decision-makers, and what each may grant."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from google.protobuf.json_format import ParseDict

from amends.cli import parse, render
from amends.cli.options import OPERATOR, Json, Operator
from amends.cli.session import caller, says_refusals
from amends.client import Caller, new_request_id
from amends.v1 import routing_service_pb2, types_pb2
from amends.values.identity import Role


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(help="The directory of decision-makers.", no_args_is_help=True)
    group.command("list")(says_refusals(list_everybody))
    group.command("load")(says_refusals(load))
    app.add_typer(group, name="directory")


def list_everybody(subject: Operator = OPERATOR, *, as_json: Json = False) -> None:
    """Everybody who may decide, least senior first, with their limits per case."""
    with caller(subject, Role.OPERATIONS) as operator:
        found = operator.routing.ListDecisionMakers(routing_service_pb2.ListDecisionMakersRequest())
    if as_json:
        render.as_json(found)
        return
    rows = [
        (
            maker.decision_maker_id,
            maker.public_name,
            str(maker.seniority),
            "yes" if maker.available else "away",
            f"{maker.load} of {maker.capacity}",
            ", ".join(_grant(grant) for grant in maker.grants),
        )
        for maker in found.decision_makers
    ]
    columns = ("id", "name", "seniority", "available", "load", "may grant per case")
    render.table("Directory", columns, rows)


def load(
    file: Annotated[Path, typer.Argument(help="A JSON file of people and grants.", exists=True)],
    subject: Operator = OPERATOR,
) -> None:
    """Enter everybody of a file, with their grants; loading it again changes nothing more."""
    people = json.loads(file.read_text())
    with caller(subject, Role.OPERATIONS) as operator:
        for person in people:
            enter(operator, person)
    render.console.print(f"{len(people)} entered from {file.name}")


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


def _grant(grant: routing_service_pb2.Grant) -> str:
    action = parse.word(types_pb2.Action.Name(grant.action), "ACTION_")
    return f"{action} {render.money(grant.per_case)}"
