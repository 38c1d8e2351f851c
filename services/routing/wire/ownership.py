"""Changes of the owner as the contract spells them."""

from datetime import datetime

from amends.eventstore.codec import from_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import routing_service_pb2 as pb
from amends.values.identity import AssignmentId, Call, HandOverId
from amends.values.personal import Personal
from services.routing.domain.handing_over import OfferHandOver
from services.routing.domain.ownership import Ownership
from services.routing.domain.taking_over import Deescalate, Standing, TakeOver


def hand_over(request: pb.HandOverRequest, call: Call, at: datetime) -> OfferHandOver:
    """The command of a request."""
    return from_message(
        request,
        OfferHandOver,
        hand_over=HandOverId(call.new_id("hov_")),
        by=call.who.subject,
        at=at,
    )


def take_over(request: pb.TakeOverRequest, call: Call, at: datetime) -> TakeOver:
    """The command of a request."""
    return from_message(
        request,
        TakeOver,
        assignment=AssignmentId(call.new_id("asg_")),
        note=_note(request.note),
        at=at,
    )


def deescalate(request: pb.DeescalateRequest, call: Call, at: datetime) -> Deescalate:
    """The command of a request."""
    return from_message(
        request,
        Deescalate,
        assignment=AssignmentId(call.new_id("asg_")),
        note=_note(request.note),
        by=call.who,
        at=at,
    )


def hand_over_offered(
    hand_over_id: HandOverId, recorded: Recorded[Ownership]
) -> pb.HandOverResponse:
    """Until when the receiver may accept."""
    stands = recorded.state.by_id[hand_over_id].offered
    return pb.HandOverResponse(
        hand_over_id=hand_over_id,
        return_by=to_timestamp(stands.return_by),
        version=recorded.version,
    )


def hand_over_accepted(recorded: Recorded[Ownership]) -> pb.AcceptHandOverResponse:
    """The caller owns the case."""
    return pb.AcceptHandOverResponse(
        escalation_id=recorded.stream.subject, version=recorded.version
    )


def hand_over_returned(
    hand_over_id: HandOverId, recorded: Recorded[Ownership]
) -> pb.ReturnHandOverResponse:
    """How the hand-over stands, returned or not."""
    state = recorded.state.by_id[hand_over_id].state
    return pb.ReturnHandOverResponse(
        escalation_id=recorded.stream.subject,
        state=f"HAND_OVER_STATE_{state.name}",
        version=recorded.version,
    )


def taken_over(recorded: Recorded[Standing]) -> pb.TakeOverResponse:
    """Who owns the case now."""
    which, name = _owner(recorded)
    return pb.TakeOverResponse(decision_maker_id=which, public_name=name, version=recorded.version)


def deescalated(recorded: Recorded[Standing]) -> pb.DeescalateResponse:
    """Who owns the case now."""
    which, name = _owner(recorded)
    return pb.DeescalateResponse(
        decision_maker_id=which, public_name=name, version=recorded.version
    )


def _note(words: str) -> Personal[str] | None:
    return Personal(words) if words else None


def _owner(recorded: Recorded[Standing]) -> tuple[str, str]:
    owner = recorded.state.ownership.owner
    return (owner.decision_maker, owner.public_name) if owner else ("", "")
