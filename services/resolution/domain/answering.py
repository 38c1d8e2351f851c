"""What becomes of an offer: the customer's answer, the clock's, or its owner's (S36, S37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from amends.values.identity import Actor, OfferId
from amends.values.personal import Personal
from amends.values.refusal import InvalidField, Refusal
from amends.values.remedy import RemedySought
from services.resolution.domain.case import Case
from services.resolution.domain.offers import (
    WAITING,
    Offer,
    OfferAccepted,
    OfferCountered,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    Offers,
    OfferState,
    OfferWithdrawn,
)
from services.resolution.domain.policy import POLICIES


class OfferAnswer(Enum):
    """What the customer says to an offer."""

    ACCEPT = auto()
    DECLINE = auto()
    COUNTER = auto()


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """The customer answers; `remedy_sought` is what they would consider fair instead."""

    offer: OfferId
    answer: OfferAnswer
    words: Personal[str]
    at: datetime
    remedy_sought: RemedySought | None = None


@dataclass(frozen=True, slots=True)
class ExpireOffer:
    """The clock says that nobody answered."""

    offer: OfferId
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """The owner takes it back before anybody has decided."""

    offer: OfferId
    by: Actor
    at: datetime


Command = AnswerOffer | ExpireOffer | WithdrawOffer


Event = OfferAccepted | OfferCountered | OfferDeclined | OfferExpired | OfferWithdrawn


class OfferNotOpen(Refusal):
    """The offer's time is over, or the customer does not have it to answer."""

    reason = "OFFER_NOT_OPEN"

    def __init__(self, offer: OfferId, until: datetime | None) -> None:
        if until is None:
            why = "is not before the customer; wait until its owner has made it"
        else:
            why = f"was open until {until:%Y-%m-%d %H:%M} UTC; the owner must make a new one"
        super().__init__(
            f"offer {offer} {why}",
            offer_id=offer,
            **({} if until is None else {"expires_by": until.isoformat()}),
        )


class DecidedAlready(Refusal):
    """It is decided; how is told."""

    reason = "DECIDED_ALREADY"

    def __init__(self, offer: OfferId, state: OfferState) -> None:
        super().__init__(
            f"offer {offer} is already {state.name.lower()}; GetResolution tells how it stands",
            offer_id=offer,
            state=state.name,
        )


class NotDue(Refusal):
    """The clock came before its time."""

    reason = "NOT_DUE"

    def __init__(self, made: OfferMade) -> None:
        super().__init__(
            f"offer {made.offer} is open until {made.expires_by.isoformat()}; come back then",
            offer_id=made.offer,
            expires_by=made.expires_by.isoformat(),
        )


def decide(offers: Offers, command: Command, case: Case) -> Sequence[Event]:
    """The event that the customer's answer or the clock causes, or a refusal."""
    match command:
        case AnswerOffer():
            return _answer(offers.of(command.offer), command, case)
        case ExpireOffer():
            return _expire(offers.of(command.offer), command, case)
        case WithdrawOffer():
            return (_withdrawn(offers.of(command.offer), command, case),)
        case _:
            assert_never(command)


def _answer(offer: Offer, command: AnswerOffer, case: Case) -> Sequence[Event]:
    made = _open_at(offer, command.at)
    match command.answer:
        case OfferAnswer.ACCEPT:
            return (_accepted(made, command, case),)
        case OfferAnswer.DECLINE:
            offer_by = _offer_by(case, command.at)
            return (OfferDeclined(case.escalation, command.offer, command.at, offer_by),)
        case OfferAnswer.COUNTER:
            return (_countered(command, case),)
        case _:
            assert_never(command.answer)


def _accepted(made: OfferMade, command: AnswerOffer, case: Case) -> OfferAccepted:
    policy = POLICIES[case.policy_version]
    return OfferAccepted(
        escalation=case.escalation,
        offer=command.offer,
        remedy_ids=tuple(remedy.remedy for remedy in made.remedies),
        accepted_at=command.at,
        carry_out_by=command.at + policy.carry_out_by,
        answer_by=command.at + policy.answer_by,
    )


def _countered(command: AnswerOffer, case: Case) -> OfferCountered:
    if command.remedy_sought is None or not command.remedy_sought.kinds:
        raise InvalidField("remedy_sought", "must say what the customer would consider fair")
    return OfferCountered(
        escalation=case.escalation,
        offer=command.offer,
        remedy_sought=command.remedy_sought,
        words=command.words,
        countered_at=command.at,
        offer_by=_offer_by(case, command.at),
    )


def _open_at(offer: Offer, at: datetime) -> OfferMade:
    """The offer as the customer has it; a draft is none to them, whatever became of it."""
    if offer.made is None:
        raise OfferNotOpen(offer.offer, None)
    if offer.state is OfferState.EXPIRED:
        raise OfferNotOpen(offer.offer, offer.made.expires_by)
    if offer.state is not OfferState.OPEN:
        raise DecidedAlready(offer.offer, offer.state)
    if at >= offer.made.expires_by:
        raise OfferNotOpen(offer.offer, offer.made.expires_by)
    return offer.made


def _expire(offer: Offer, command: ExpireOffer, case: Case) -> Sequence[Event]:
    """Losing the race against an answer is no event; an early clock is refused, not remembered."""
    if offer.made is None or offer.state is not OfferState.OPEN:
        return ()
    if command.at < offer.made.expires_by:
        raise NotDue(offer.made)
    offer_by = _offer_by(case, command.at)
    return (OfferExpired(case.escalation, command.offer, command.at, offer_by),)


def _withdrawn(offer: Offer, command: WithdrawOffer, case: Case) -> OfferWithdrawn:
    case.for_owner(command.by)
    if offer.state not in WAITING:
        raise DecidedAlready(offer.offer, offer.state)
    return OfferWithdrawn(case.escalation, command.offer, command.at, _offer_by(case, command.at))


def _offer_by(case: Case, at: datetime) -> datetime:
    return at + POLICIES[case.policy_version].offer_by
