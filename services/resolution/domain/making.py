"""Making an offer: who may, when, and how long it stands (S35, S36)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import Actor, DecisionMakerId, EscalationId, OfferId, ReservationId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.resolution.domain.case import Case
from services.resolution.domain.offering import Plan, Wanted
from services.resolution.domain.offers import OfferMade, Offers, OfferState
from services.resolution.domain.policy import POLICIES


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """The owner offers; prices and arrivals come with what is found for it (`Prepared`)."""

    offer: OfferId
    remedies: tuple[Wanted, ...]
    explanation: Personal[str]
    apology: Personal[str]
    late_is_agreed: bool
    by: Actor


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was found and set aside for an offer, by whose authority, and when that was done."""

    case: Case
    plan: Plan
    reservation: ReservationId
    decision_maker: DecisionMakerId
    at: datetime


class OfferAlreadyOpen(Refusal):
    """The customer has an offer to answer; two at once would be two promises."""

    reason = "OFFER_ALREADY_OPEN"

    def __init__(self, made: OfferMade) -> None:
        super().__init__(
            f"offer {made.offer} waits for the customer until {made.expires_by:%H:%M} UTC; let "
            "them answer it first",
            offer_id=made.offer,
            expires_by=made.expires_by.isoformat(),
        )


class ResolvedAlready(Refusal):
    """The case is made right; only "not solved" at the follow-up opens it for a new offer."""

    reason = "ESCALATION_CLOSED"

    def __init__(self, escalation: EscalationId, resolved_at: datetime) -> None:
        super().__init__(
            f"escalation {escalation} was resolved at {resolved_at.isoformat()} and not reopened; "
            "a follow-up that says it is not solved reopens it",
            escalation_id=escalation,
            resolved_at=resolved_at.isoformat(),
        )


def may_offer(offers: Offers, case: Case, who: Actor) -> None:
    """Promises that this caller may make an offer now, as far as it is known here.

    Raises:
        NotTheOwner, EscalationClosed, ResolvedAlready, OfferAlreadyOpen
    """
    case.for_owner(who)
    case.still_open()
    if offers.resolved_at is not None and not case.reopened_since(offers.resolved_at):
        raise ResolvedAlready(case.escalation, offers.resolved_at)
    for offer in offers.by_id.values():
        if offer.state is OfferState.OPEN:
            raise OfferAlreadyOpen(offer.made)


def make(offers: Offers, command: MakeOffer, known: Prepared) -> Sequence[OfferMade]:
    """The offer, open as long as its shipping can still be ordered, or a refusal."""
    may_offer(offers, known.case, command.by)
    policy = POLICIES[known.case.policy_version]
    return (
        OfferMade(
            escalation=known.case.escalation,
            offer=command.offer,
            remedies=known.plan.authorised(known.decision_maker),
            explanation=command.explanation,
            apology=command.apology,
            reservation=known.reservation,
            maker=known.decision_maker,
            made_at=known.at,
            expires_by=policy.offer_until(known.at, known.plan.cut_offs),
        ),
    )
