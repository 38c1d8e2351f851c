"""Operations: what a holder may grant, up to how much per case."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.options import OPERATOR, Holder, Json, Operator, Quiet, RequestId
from amends.cli.session import caller, says_refusals
from amends.v1 import routing_service_pb2, types_pb2
from amends.values.identity import Role

_ACTIONS = parse.words(types_pb2.Action, "ACTION_")


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    group = typer.Typer(help="What holders may grant, per case.", no_args_is_help=True)
    group.command("list")(says_refusals(list_grants))
    group.command()(says_refusals(add))
    group.command()(says_refusals(revoke))
    app.add_typer(group, name="grants")


def list_grants(holder: Holder, *, subject: Operator = OPERATOR, as_json: Json = False) -> None:
    """What a holder may grant, and what of it stands revoked."""
    request = routing_service_pb2.ListGrantsRequest(decision_maker_id=holder, page_size=500)
    with caller(subject, Role.OPERATIONS) as operator:
        found = operator.routing.ListGrants(request)
    if as_json:
        render.as_json(found)
        return
    rows = [
        (
            one.grant_id,
            parse.word(types_pb2.Action.Name(one.action), "ACTION_"),
            render.money(one.per_case),
            "revoked" if one.revoked else "stands",
        )
        for one in found.grants
    ]
    render.table(f"Grants of {holder}", ("grant", "action", "per case", "how"), rows)


def add(
    holder: Holder,
    action: Annotated[str, typer.Argument(help=_ACTIONS)],
    per_case: Annotated[str, typer.Argument(help="The limit, e.g. '150.00 GBP'.")],
    *,
    subject: Operator = OPERATOR,
    request_id: RequestId,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Grant an action up to a limit per case; one of the same action and currency is replaced."""
    request = routing_service_pb2.GrantAuthorityRequest(
        request_id=request_id,
        decision_maker_id=holder,
        action=parse.member(types_pb2.Action, "ACTION_", action),
        per_case=parse.money(per_case),
    )
    with caller(subject, Role.OPERATIONS) as operator:
        granted = operator.routing.GrantAuthority(request)
    line = f"{granted.grant_id}: {holder} may grant {action} up to {per_case} per case"
    render.say(granted, line, as_json=as_json, only=granted.grant_id if quiet else "")


def revoke(
    holder: Holder,
    grant: Annotated[str, typer.Argument(help="The grant, grn_...", metavar="GRANT")],
    *,
    subject: Operator = OPERATOR,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Take a grant back; what it covers already stays covered."""
    request = routing_service_pb2.RevokeAuthorityRequest(
        request_id=request_id, decision_maker_id=holder, grant_id=grant
    )
    with caller(subject, Role.OPERATIONS) as operator:
        revoked = operator.routing.RevokeAuthority(request)
    render.say(revoked, f"{grant} is revoked", as_json=as_json)
