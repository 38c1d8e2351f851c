"""Queues as the contract spells them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from amends.eventstore.codec import from_message, to_message
from amends.eventstore.records import from_timestamp
from amends.v1 import resolution_events_pb2 as resolution_pb
from amends.v1 import routing_events_pb2 as events_pb
from amends.v1 import routing_service_pb2 as pb
from amends.values.authority import Need
from amends.values.identity import AssignmentId, OfferId
from amends.values.personal import Personal
from services.routing.domain.assignment import AssignmentState
from services.routing.domain.assignments import given
from services.routing.domain.calendar import ALWAYS
from services.routing.domain.case import Case
from services.routing.domain.matching import Holder
from services.routing.domain.take_over import EscalationDeescalated, OwnershipTaken
from services.routing.domain.told import Change
from services.routing.domain.urgency import to_decide, urgency

_CASE_ASIDE = ("remedy_sought", "policy_version")
NO_DRAFT = OfferId("")
_NEVER = {
    "infinity": datetime.max.replace(tzinfo=UTC),
    "-infinity": datetime.min.replace(tzinfo=UTC),
}
Clear = Callable[[Personal[str]], str]
"""Opens words for those who may read them (`Opener.clear`)."""


class Place(NamedTuple):
    """A place in the order of urgency; ISO times, "infinity" where nothing is needed by."""

    need_by: str
    accept_by: str
    assignment: str

    @classmethod
    def of(cls, need_by: datetime | None, accept_by: datetime, which: AssignmentId) -> "Place":
        """The place of an assignment."""
        needed = "infinity" if need_by is None else need_by.isoformat()
        return cls(needed, accept_by.isoformat(), which)

    @property
    def rank(self) -> tuple[datetime, datetime, str]:
        """What is sorted by: the most urgent first."""
        return _moment(self.need_by), _moment(self.accept_by), self.assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One assignment in somebody's queue; `tx` tells one change of it from the next.

    `offered` is the hand-over by which it is asked, or the owner's that waits; the note, sealed, is
    that of the hand-over, of whoever declined, or of whoever gave the case. `draft` is the offer
    that waits for this holder, empty for none.
    """

    assigned: events_pb.DecisionMakerAssigned
    state: AssignmentState
    case: Case | None
    zone: str
    place: Place
    tx: int
    offered: pb.HandOver | None = None
    note: Personal[str] | None = None
    draft: OfferId = NO_DRAFT

    @property
    def change(self) -> Change:
        """What a watcher knows it by."""
        return self.tx, self.assigned.assignment_id


def item(  # noqa: PLR0913 - one row of a queue
    assigned: bytes,
    state: AssignmentState,
    known: Case | None,
    entered: bytes,
    *,
    place: Place,
    tx: int,
) -> Item:
    """An assignment in a queue from the events that say it."""
    holder = events_pb.DecisionMakerUpdated.FromString(entered)
    return Item(
        assigned=events_pb.DecisionMakerAssigned.FromString(assigned),
        state=state,
        case=known,
        zone=holder.calendar.zone or ALWAYS.zone,
        place=place,
        tx=tx,
    )


def asked_by_owner(offered: bytes) -> bytes:
    """A HandOverOffered as the assignment that it is for its receiver."""
    said = events_pb.HandOverOffered.FromString(offered)
    asked = events_pb.DecisionMakerAssigned(
        escalation_id=said.escalation_id,
        assignment_id=said.hand_over_id,
        decision_maker_id=said.to_decision_maker_id,
        public_name=said.to_public_name,
        needs=said.needs,
        assigned_at=said.offered_at,
        accept_by=said.return_by,
    )
    return asked.SerializeToString(deterministic=True)


def asked_by_draft(said: resolution_pb.OfferDrafted) -> bytes:
    """An OfferDrafted as the assignment that it is for whoever may decide about it."""
    asked = events_pb.DecisionMakerAssigned(
        escalation_id=said.escalation_id,
        assignment_id=said.offer_id,
        needs=said.needs,
        assigned_at=said.drafted_at,
        accept_by=said.approve_by,
    )
    return asked.SerializeToString(deterministic=True)


def needs_of_asked(asked: bytes) -> tuple[Need, ...]:
    """What deciding about a draft takes."""
    needs = events_pb.DecisionMakerAssigned.FromString(asked).needs
    return tuple(from_message(one, Need) for one in needs)


def draft_item(  # noqa: PLR0913 - one draft in a queue
    asked: bytes, decides: Holder, known: Case | None, *, place: Place, tx: int, waits: bool
) -> Item:
    """A draft in the queue of whoever may decide about it."""
    assigned = events_pb.DecisionMakerAssigned.FromString(asked)
    assigned.decision_maker_id = decides.decision_maker
    assigned.public_name = decides.public_name
    return Item(
        assigned=assigned,
        state=AssignmentState.OFFERED if waits else AssignmentState.RETURNED,
        case=known,
        zone=decides.calendar.zone,
        place=place,
        tx=tx,
        draft=OfferId(assigned.assignment_id) if waits else NO_DRAFT,
    )


def given_as(event: OwnershipTaken | EscalationDeescalated) -> bytes:
    """A case that somebody was given as the assignment that it is for them."""
    asked = to_message(given(event), events_pb.DecisionMakerAssigned)
    return asked.SerializeToString(deterministic=True)


def offered(said: bytes) -> pb.HandOver:
    """A HandOverOffered as queues show it, without its note."""
    event = events_pb.HandOverOffered.FromString(said)
    return pb.HandOver(
        hand_over_id=event.hand_over_id,
        from_decision_maker_id=event.from_decision_maker_id,
        from_public_name=event.from_public_name,
        to_decision_maker_id=event.to_decision_maker_id,
        to_public_name=event.to_public_name,
        reason=event.reason,
        offered_at=event.offered_at,
        return_by=event.return_by,
    )


def assignment(found: Item, at: datetime, clear: Clear | None = None) -> pb.Assignment:
    """One assignment in a queue; the note where `clear` opens it."""
    answer = assigned_as(found.assigned, found.state, found.case, found.zone, at)
    if found.offered is not None:
        answer.hand_over.CopyFrom(found.offered)
    if found.draft != NO_DRAFT:
        answer.draft_offer_id = found.draft
        need_by, approve_by = found.case.need_by if found.case else None, answer.accept_by
        answer.urgency = to_decide(need_by, from_timestamp(approve_by), found.zone, at)
    if clear is not None and found.note is not None:
        noted = answer if found.offered is None else answer.hand_over
        noted.note = clear(found.note)
    return answer


def assigned_as(
    assigned: events_pb.DecisionMakerAssigned,
    state: AssignmentState,
    case: Case | None,
    zone: str,
    at: datetime,
) -> pb.Assignment:
    """An assignment as it stands, with what is known of its case."""
    answer = pb.Assignment(
        assignment_id=assigned.assignment_id,
        escalation_id=assigned.escalation_id,
        decision_maker_id=assigned.decision_maker_id,
        public_name=assigned.public_name,
        state=state_of(state),
        hop=assigned.hop,
        needs=assigned.needs,
        assigned_at=assigned.assigned_at,
        accept_by=assigned.accept_by,
        passed_over=assigned.passed_over,
    )
    if case is not None:
        answer.MergeFrom(to_message(case, pb.Assignment, without=_CASE_ASIDE))
    need_by = None if case is None else case.need_by
    answer.urgency = urgency(state, need_by, from_timestamp(assigned.accept_by), zone, at)
    return answer


def state_of(state: AssignmentState) -> str:
    """The name of the contract."""
    return f"ASSIGNMENT_STATE_{state.name}"


def _moment(text: str) -> datetime:
    return _NEVER.get(text) or datetime.fromisoformat(text)
