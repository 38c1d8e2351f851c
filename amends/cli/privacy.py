"""Forgetting: one customer, in every service."""

from typing import Annotated

import grpc
import typer

from amends.cli import render, troubles
from amends.cli.exits import Exit
from amends.cli.options import OPERATOR, Json, Operator
from amends.cli.session import caller, says_refusals
from amends.client import Caller, new_request_id
from amends.v1 import event_pb2, privacy_service_pb2
from amends.values.identity import Role

_OTHERS = ("followup", "resolution", "routing")
_PATIENCE = 60.0  # seconds: a customer may have many cases, and each is asked about
_WHY = {
    privacy_service_pb2.KEPT_REASON_PAYMENT_RECORD: "PAYMENT_RECORD: tax and company law",
}


def register(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    app.command()(says_refusals(forget))


def forget(
    customer: Annotated[str, typer.Argument(help="Your reference of the customer.")],
    *,
    subject: Operator = OPERATOR,
    as_json: Json = False,
) -> None:
    """Forget a customer for ever, in every service. Repeat it where it did not finish."""
    with caller(subject, Role.OPERATIONS) as operator:
        # Intake knows whether a case is open: where it refuses, nothing is forgotten anywhere.
        answers = {"intake": _forgotten(operator, "intake", customer)}
        left = {}
        for name in _OTHERS:
            try:
                answers[name] = _forgotten(operator, name, customer)
            except grpc.RpcError as error:
                left[name] = troubles.trouble_of(error, name)
    if as_json:
        render.as_json({name: render.fields(answer) for name, answer in answers.items()})
    else:
        for name, answer in answers.items():
            _say(name, answer)
    if left:
        _unfinished(left, as_json=as_json)


def _forgotten(
    operator: Caller, service: str, customer: str
) -> privacy_service_pb2.ForgetCustomerResponse:
    request = privacy_service_pb2.ForgetCustomerRequest(
        request_id=new_request_id(), customer=customer
    )
    return operator.privacy[service].ForgetCustomer(request, timeout=_PATIENCE)


def _unfinished(left: dict[str, troubles.Trouble], *, as_json: bool) -> None:
    """What stands against it, in each service that has not forgotten yet."""
    for name, trouble in left.items():
        if as_json:
            troubles.say(trouble, as_json=True)
        else:
            typer.echo(f"{name}: {trouble.reason}: {trouble.message}", err=True)
    if not as_json:
        typer.echo(f"not finished in {', '.join(left)}: repeat the same command", err=True)
    raise typer.Exit(Exit.REFUSED)


def _say(service: str, answer: privacy_service_pb2.ForgetCustomerResponse) -> None:
    forgotten = " and ".join(_words(data) for data in answer.forgotten)
    cases = "1 case" if answer.cases == 1 else f"{answer.cases} cases"
    render.console.print(f"{service}: forgotten: {forgotten} ({cases})")
    for kept in answer.kept:
        until = f"{kept.until.ToDatetime():%Y-%m-%d}"
        why = _WHY.get(kept.reason, "law")
        render.console.print(f"{service}: kept until {until}: {_words(kept.data)} ({why})")


def _words(data: event_pb2.PersonalData) -> str:
    name = event_pb2.PersonalData.Name(data)
    return name.removeprefix("PERSONAL_DATA_").lower()
