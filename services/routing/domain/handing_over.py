"""Handing over: the owner offers the case, the receiver takes it or it returns (S28).

The old owner stays the one accountable owner until the offer is accepted; then, in one event, the
receiver is. The first answer counts; the clock's command is never refused for losing a race.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from amends.values.authority import uncovered
from amends.values.identity import Actor, DecisionMakerId, EscalationId, HandOverId, Role, Subject
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, InvalidField, NotTheOwner
from services.routing.domain.assignments import Known
from services.routing.domain.calendar import after_working
from services.routing.domain.case import needs_of
from services.routing.domain.directory import DecisionMakerNotFound
from services.routing.domain.hand_over import (
    Event,
    HandOver,
    HandOverDecided,
    HandOverNotFound,
    HandOverOffered,
    HandOverOpen,
    HandOverReason,
    HandOverReturned,
    HandOverState,
    NotYourHandOver,
    OwnershipHandedOver,
    ReceiverNotAuthorised,
    ReceiverNotAvailable,
    ReturnedBy,
    ReturnNotDue,
)
from services.routing.domain.matching import Holder, Reason, away_words, full_words, lacking_words
from services.routing.domain.ownership import Owner, Ownership


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandOver:
    """Offers the case to another holder; `hand_over` is the id that the offer gets."""

    escalation: EscalationId
    hand_over: HandOverId
    to_decision_maker: DecisionMakerId
    reason: HandOverReason
    note: Personal[str]
    by: Subject
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptHandOver:
    """Takes the case."""

    escalation: EscalationId
    hand_over: HandOverId
    by: Subject
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnHandOver:
    """Ends what was not accepted: by the receiver, by the owner, or (a service) by the clock."""

    escalation: EscalationId
    hand_over: HandOverId
    by: Actor
    at: datetime


Command = OfferHandOver | AcceptHandOver | ReturnHandOver


def decide(state: Ownership, command: Command, known: Known) -> Sequence[Event]:
    """Events that the command causes; a repeat of what stands is no new event.

    `known.holders` are the whole directory.

    Raises:
        EscalationNotFound, EscalationClosed, NotTheOwner, HandOverOpen, DecisionMakerNotFound,
        InvalidField, ReceiverNotAuthorised, ReceiverNotAvailable; HandOverNotFound,
        NotYourHandOver, HandOverDecided, ReturnNotDue
    """
    match command:
        case OfferHandOver():
            return _offer(state, command, known)
        case AcceptHandOver():
            return _accept(state, command, known)
        case ReturnHandOver():
            return _return(state, command, known)
        case _:
            assert_never(command)


def _offer(state: Ownership, command: OfferHandOver, known: Known) -> Sequence[Event]:
    case, owner = known.case_of(command.escalation), state.owner
    if owner is None or owner.subject != command.by:
        raise NotTheOwner(command.escalation, owner.public_name if owner else "")
    if case.over:
        raise EscalationClosed(command.escalation)
    if state.open is not None:
        raise HandOverOpen(state.open.offered)
    receiver = _receiver(owner, command, known)
    needs = needs_of(case, command.at)
    lacking = uncovered(needs, receiver.limits)
    if lacking:
        detail = lacking_words(lacking, receiver.limits)
        raise ReceiverNotAuthorised(receiver.public_name, lacking, detail)
    _check_available(owner, receiver, command.at, known)
    due = after_working(receiver.calendar, command.at, case.policy.hand_over)
    offered = HandOverOffered(
        escalation=command.escalation,
        hand_over=command.hand_over,
        from_decision_maker=owner.decision_maker,
        from_public_name=owner.public_name,
        to_decision_maker=receiver.decision_maker,
        to_public_name=receiver.public_name,
        reason=command.reason,
        note=command.note,
        needs=needs,
        offered_at=command.at,
        return_by=case.not_past_need(due, command.at),
    )
    return (offered,)


def _receiver(owner: Owner, command: OfferHandOver, known: Known) -> Holder:
    """The holder who is asked; a colleague in the owner's own team is somebody else, too."""
    found = known.holder(command.to_decision_maker)
    if found is None:
        raise DecisionMakerNotFound(command.to_decision_maker)
    if not found.subjects - {owner.subject}:
        field = "to_decision_maker_id"
        raise InvalidField(field, f"{field} must be somebody else; the case is yours already")
    return found


def _check_available(owner: Owner, receiver: Holder, at: datetime, known: Known) -> None:
    """There and not full; closed for now is fine, since the time runs in their hours only."""
    who = receiver.decision_maker, receiver.public_name
    if receiver.away(at):
        names = {one.decision_maker: one.public_name for one in known.holders}
        raise ReceiverNotAvailable(*who, Reason.AWAY, f"is {away_words(receiver, names)}")
    # Within a team the case has its place already.
    if receiver.full and receiver.decision_maker != owner.decision_maker:
        raise ReceiverNotAvailable(*who, Reason.AT_CAPACITY, full_words(receiver))


def _accept(state: Ownership, command: AcceptHandOver, known: Known) -> Sequence[Event]:
    """Late is fine as long as it did not return."""
    one, owner = _named(state, command.hand_over), state.owner
    by = command.by
    if owner is not None and (owner.hand_over, owner.subject) == (command.hand_over, by):
        return ()
    offered = one.offered
    receiver = known.holder(offered.to_decision_maker)
    if not _is_asked(one, by, known) or by == one.offered_by:
        raise NotYourHandOver(offered)
    _check_undecided(one, owner)
    if known.case_of(command.escalation).over:
        raise EscalationClosed(command.escalation)
    handed_over = OwnershipHandedOver(
        escalation=command.escalation,
        hand_over=offered.hand_over,
        from_decision_maker=offered.from_decision_maker,
        from_public_name=offered.from_public_name,
        decision_maker=offered.to_decision_maker,
        public_name=offered.to_public_name,
        owner_subject=by,
        handed_over_at=command.at,
        partner=receiver is not None and receiver.partner,
    )
    return (handed_over,)


def _return(state: Ownership, command: ReturnHandOver, known: Known) -> Sequence[Event]:
    """Whoever ended it first, it is ended: that is what the others asked for, too."""
    one = _named(state, command.hand_over)
    by = _returned_by(one, command.by, known)
    if one.state is HandOverState.RETURNED:
        return ()
    if by is not ReturnedBy.CLOCK:
        _check_undecided(one, state.owner)
    elif one.state is HandOverState.ACCEPTED:
        return ()
    elif command.at < one.offered.return_by:
        raise ReturnNotDue(one.offered)
    returned = HandOverReturned(
        escalation=command.escalation,
        hand_over=one.offered.hand_over,
        from_decision_maker=one.offered.from_decision_maker,
        to_decision_maker=one.offered.to_decision_maker,
        returned_by=by,
        returned_at=command.at,
    )
    return (returned,)


def _returned_by(one: HandOver, by: Actor, known: Known) -> ReturnedBy:
    if by.role is Role.SERVICE:
        return ReturnedBy.CLOCK
    if by.subject == one.offered_by:
        return ReturnedBy.OWNER
    if _is_asked(one, by.subject, known):
        return ReturnedBy.RECEIVER
    raise NotYourHandOver(one.offered)


def _named(state: Ownership, which: HandOverId) -> HandOver:
    if which not in state.by_id:
        raise HandOverNotFound(which)
    return state.by_id[which]


def _check_undecided(one: HandOver, owner: Owner | None) -> None:
    if one.state is not HandOverState.OFFERED:
        raise HandOverDecided(one, owner.public_name if owner else "")


def _is_asked(one: HandOver, by: Subject, known: Known) -> bool:
    receiver = known.holder(one.offered.to_decision_maker)
    return receiver is not None and by in receiver.subjects
