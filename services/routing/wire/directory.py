"""The directory as the contract spells it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.log import Recorded
from amends.eventstore.records import to_timestamp
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.values.authority import Limit
from amends.values.identity import Call, GrantId
from services.routing.domain.calendar import ALWAYS
from services.routing.domain.directory import (
    AvailabilityChanged,
    DecisionMakerUpdated,
    SetAvailability,
    UpdateDecisionMaker,
)
from services.routing.domain.grants import (
    AuthorityGranted,
    Grant,
    GrantAuthority,
    Grants,
    RevokeAuthority,
)
from services.routing.domain.matching import Holder


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the directory: as it was entered, and as it stands since the change `tx`."""

    entered: DecisionMakerUpdated
    grants: tuple[Grant, ...]
    holder: Holder
    tx: int = 0


def listed(
    entered: bytes, presence: bytes | None, granted: Iterable[bytes], *, load: int
) -> Listed:
    """An entry of the directory from the events that say it."""
    entry = from_message(events_pb.DecisionMakerUpdated.FromString(entered), DecisionMakerUpdated)
    decoded = (
        from_message(events_pb.AuthorityGranted.FromString(one), AuthorityGranted)
        for one in granted
    )
    grants = sorted(decoded, key=lambda one: (one.action.value, one.per_case.currency))
    limits = tuple(Limit(grant.action, grant.per_case) for grant in grants)
    holder = Holder(
        decision_maker=entry.decision_maker,
        public_name=entry.public_name,
        kind=entry.kind,
        subjects=frozenset(entry.subjects),
        seniority=entry.seniority,
        capacity=entry.capacity,
        load=load,
        calendar=entry.calendar or ALWAYS,
        stand_in=entry.stand_in,
        limits=limits,
    )
    held = tuple(map(Grant, (grant.grant for grant in grants), limits))
    return Listed(entry, held, holder if presence is None else _with_presence(holder, presence))


def update_decision_maker(request: pb.UpdateDecisionMakerRequest) -> UpdateDecisionMaker:
    """The command of a request."""
    return from_message(
        request.decision_maker, UpdateDecisionMaker, allow_missing=request.allow_missing
    )


def set_availability(
    request: pb.SetAvailabilityRequest, call: Call, at: datetime
) -> SetAvailability:
    """The command of a request."""
    return from_message(request, SetAvailability, by=call.who, at=at)


def grant_authority(request: pb.GrantAuthorityRequest, call: Call) -> GrantAuthority:
    """The command of a request."""
    return from_message(request, GrantAuthority, grant=GrantId(call.new_id("grn_")))


def revoke_authority(request: pb.RevokeAuthorityRequest) -> RevokeAuthority:
    """The command of a request."""
    return from_message(request, RevokeAuthority)


def granted(command: GrantAuthority, recorded: Recorded[Grants]) -> pb.GrantAuthorityResponse:
    """The grant that stands, which may be an earlier one of the same limit."""
    stands = recorded.state.same(command.action, command.per_case.currency)
    grant = stands.grant if stands else ""
    return pb.GrantAuthorityResponse(grant_id=grant, version=recorded.version)


def decision_maker(found: Listed, at: datetime) -> pb.DecisionMaker:
    """One entry of the directory as it stands now."""
    holder, away = found.holder, found.holder.away(at)
    answer = to_message(found.entered, pb.DecisionMaker)
    answer.stand_in, answer.load, answer.available = holder.stand_in, holder.load, not away
    answer.grants.extend(_grant(grant) for grant in found.grants)
    if away and holder.away_until is not None:
        answer.away_until.CopyFrom(to_timestamp(holder.away_until))
    return answer


def grant_of(granted: AuthorityGranted, *, revoked: bool) -> pb.GrantedAuthority:
    """One grant and whether it stands."""
    answer = to_message(Limit(granted.action, granted.per_case), pb.GrantedAuthority)
    answer.grant_id, answer.revoked = granted.grant, revoked
    return answer


def _with_presence(holder: Holder, presence: bytes) -> Holder:
    said = from_message(events_pb.AvailabilityChanged.FromString(presence), AvailabilityChanged)
    return replace(
        holder,
        available=said.available,
        away_until=said.away_until,
        stand_in=said.stand_in or holder.stand_in,
    )


def _grant(grant: Grant) -> pb.Grant:
    answer = to_message(grant.limit, pb.Grant)
    answer.grant_id = grant.grant
    return answer
