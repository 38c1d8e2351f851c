"""Ownership: the one accountable owner of a case, and the hand-overs that they offered (S27, S28).

The only place that knows which events make somebody the owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from amends.values.identity import DecisionMakerId, HandOverId, Subject
from services.routing.domain.assignment import AssignmentAccepted
from services.routing.domain.hand_over import (
    HandOver,
    HandOverOffered,
    HandOverReturned,
    HandOverState,
    OwnershipHandedOver,
)
from services.routing.domain.take_over import EscalationDeescalated, OwnershipTaken, given_at

NO_HAND_OVER = HandOverId("")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a case, in the directory and as a caller; `hand_over` is how they came to it."""

    decision_maker: DecisionMakerId
    public_name: str
    subject: Subject
    hand_over: HandOverId = NO_HAND_OVER


def owner_after(owner: Owner | None, event: object) -> Owner | None:
    """The owner once the event was said: another one, or the same."""
    match event:
        case AssignmentAccepted() | OwnershipTaken() | EscalationDeescalated():
            return Owner(event.decision_maker, event.public_name, event.owner_subject)
        case OwnershipHandedOver():
            who = event.decision_maker, event.public_name, event.owner_subject
            return Owner(*who, event.hand_over)
        case _:
            return owner


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns one case, and every hand-over of it; None while nobody accepted it."""

    owner: Owner | None = None
    by_id: Mapping[HandOverId, HandOver] = field(default_factory=dict)

    @property
    def open(self) -> HandOver | None:
        """The hand-over that waits for its receiver; there is never more than one."""
        offered = (one for one in self.by_id.values() if one.state is HandOverState.OFFERED)
        return next(offered, None)


def evolve(state: Ownership, event: object) -> Ownership:
    """Never refuses, never reads a clock; other ideas' events change nothing."""
    after = replace(state, owner=owner_after(state.owner, event))
    match event:
        case HandOverOffered():
            by = after.owner.subject if after.owner else Subject("")
            return _with(after, HandOver(event, by))
        case HandOverReturned():
            one = state.by_id[event.hand_over]
            ended = replace(one, state=HandOverState.RETURNED, decided_at=event.returned_at)
            return _with(after, ended)
        case OwnershipHandedOver():
            one = state.by_id[event.hand_over]
            taken = replace(one, state=HandOverState.ACCEPTED, decided_at=event.handed_over_at)
            return _with(after, taken)
        case OwnershipTaken() | EscalationDeescalated() if state.open is not None:
            at = given_at(event)
            return _with(after, replace(state.open, state=HandOverState.RETURNED, decided_at=at))
        case _:
            return after


def _with(state: Ownership, one: HandOver) -> Ownership:
    return replace(state, by_id={**state.by_id, one.offered.hand_over: one})
