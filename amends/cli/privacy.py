"""Forgetting: one customer, in every service."""

from typing import Annotated

import grpc
import typer

from amends.cli import render
from amends.cli.options import OPERATOR, Operator
from amends.cli.session import REFUSED, caller, says_refusals
from amends.client import Caller, new_request_id
from amends.rpc.status import as_sent
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
) -> None:
    """Forget a customer for ever, in every service. Repeat it where it did not finish."""
    with caller(subject, Role.OPERATIONS) as operator:
        # Intake knows whether a case is open: where it refuses, nothing is forgotten anywhere.
        _say("intake", _forgotten(operator, "intake", customer))
        left = [name for name in _OTHERS if not _forgets(operator, name, customer)]
    if left:
        typer.echo(f"not finished in {', '.join(left)}: repeat the same command", err=True)
        raise typer.Exit(REFUSED)


def _forgotten(
    operator: Caller, service: str, customer: str
) -> privacy_service_pb2.ForgetCustomerResponse:
    request = privacy_service_pb2.ForgetCustomerRequest(
        request_id=new_request_id(), customer=customer
    )
    return operator.privacy[service].ForgetCustomer(request, timeout=_PATIENCE)


def _forgets(operator: Caller, service: str, customer: str) -> bool:
    """Whether this service has forgotten too; what stands against it is said."""
    try:
        _say(service, _forgotten(operator, service, customer))
    except grpc.RpcError as error:
        refusal = as_sent(error, service)
        typer.echo(f"{service}: {refusal.reason}: {refusal.message}", err=True)
        return False
    return True


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
