"""The merchant's side of a case: something happened to a refund."""

from typing import Annotated

import typer

from amends.cli import parse, render
from amends.cli.options import CaseId, Json, RequestId
from amends.cli.session import caller, says_refusals
from amends.v1 import resolution_service_pb2
from amends.values.identity import Role

Merchant = Annotated[str, typer.Option("--as", help="The merchant's subject.")]
_MERCHANT = "shop"


def register(app: typer.Typer) -> None:
    """Adds the command of this room."""
    app.command("report-refund")(says_refusals(report_refund))


def report_refund(
    case: CaseId,
    remedy: Annotated[str, typer.Argument(help="The refund, rem_...", metavar="REMEDY")],
    *,
    subject: Merchant = _MERCHANT,
    request_id: RequestId,
    as_json: Json = False,
) -> None:
    """Something happened to a refund: it is looked up at the merchant at once."""
    request = resolution_service_pb2.ReportRefundRequest(
        request_id=request_id, escalation_id=case, remedy_id=remedy
    )
    with caller(subject, Role.MERCHANT) as merchant:
        looked = merchant.resolution.ReportRefund(request)
    state = resolution_service_pb2.RemedyState.Name(looked.state)
    line = f"looked up: the refund is {parse.word(state, 'REMEDY_STATE_')}"
    render.say(looked, line, as_json=as_json)
