"""Suggestions as the contract spells them."""

from collections.abc import Sequence

from amends.eventstore.codec import to_message
from amends.v1 import resolution_service_pb2 as pb
from amends.v1 import types_pb2
from amends.values.authority import Limit, Need
from services.resolution.domain.suggestions import NOT_FEASIBLE, Suggestions


def suggestions_response(found: Suggestions, limits: Sequence[Limit]) -> pb.SuggestRemediesResponse:
    """Suggestions, best first, with the owner's limits."""
    held = [Need(limit.action, limit.per_case) for limit in limits]
    return pb.SuggestRemediesResponse(
        suggestions=[to_message(one, pb.Suggestion) for one in found.ranked],
        not_feasible=found.not_feasible,
        reason=NOT_FEASIBLE if found.not_feasible else "",
        limits=[to_message(one, types_pb2.AuthorityNeed) for one in held],
        earlier_refunds=[
            to_message(one, pb.EarlierRefund, without=("key", "failed_at"))
            for one in found.earlier_refunds
        ],
    )
