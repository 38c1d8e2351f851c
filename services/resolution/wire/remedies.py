"""Remedies as the contract spells them, and how each stands."""

from datetime import datetime
from typing import TypeVar

from amends.eventstore.codec import to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import resolution_service_pb2 as pb
from amends.values.identity import RemedyId
from services.resolution.domain.policy import Policy
from services.resolution.domain.remedies import Progress, Remedies

RefundStands = TypeVar("RefundStands", pb.CheckRefundResponse, pb.ReportRefundResponse)
RemedyStands = TypeVar(
    "RemedyStands",
    pb.CarryOutRemedyResponse,
    pb.CompensateRemedyResponse,
    pb.CheckRefundResponse,
    pb.CheckReplacementResponse,
    pb.ReportRefundResponse,
)

_WITHOUT_A_NEXT_LOOK = (pb.CompensateRemedyResponse, pb.ReportRefundResponse)
_NOT_TOLD = ("offer", "reservation", "accepted", "ships_by", "arrives_by", "money")


def remedy_response(
    remedy: RemedyId, kind: type[RemedyStands], policy: Policy, recorded: Recorded[Remedies]
) -> RemedyStands:
    """How a remedy stands, and when to look again."""
    progress = recorded.state.of(remedy)
    response = kind(state=_state(progress), version=recorded.version)
    check_by = progress.check_by(recorded.now, policy)
    if check_by is not None and not isinstance(response, _WITHOUT_A_NEXT_LOOK):
        response.check_by.CopyFrom(to_timestamp(check_by))
    return response


def remedy_state(progress: Progress, now: datetime) -> pb.OfferedRemedyState:
    """A remedy and how it stands at a moment; a refund with its way."""
    told = to_message(progress, pb.OfferedRemedyState, without=_NOT_TOLD)
    standing = progress.refund_standing(now)
    if standing is not None:
        told.refund.MergeFrom(pb.RefundProgress(standing=f"REFUND_STANDING_{standing.name}"))
        if progress.money is not None:
            told.refund.MergeFrom(to_message(progress.money, pb.RefundProgress))
    return told


def _state(progress: Progress) -> pb.RemedyState:
    return to_message(progress, pb.OfferedRemedyState, without=_NOT_TOLD).state
