"""Making an offer: who may, when, and how long it stands (S35, S36).

What is above the owner's authority becomes a draft, which another holder approves or rejects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import Actor, DecisionMakerId, EscalationId, OfferId, ReservationId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.resolution.domain.case import Case
from services.resolution.domain.drafts import OfferDrafted
from services.resolution.domain.offering import Plan, Wanted
from services.resolution.domain.offers import WAITING, Offer, OfferMade, Offers
from services.resolution.domain.policy import POLICIES

ABOVE = frozenset({"AUTHORITY_EXCEEDED", "CURRENCY_NOT_GRANTED"})
"""Routing's reasons after which an offer is a draft; any other is a no."""


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
    """What was found and set aside for an offer, by whose authority, and when that was done.

    `reservation` None where it is above the owner's authority: nothing was set aside.
    """

    case: Case
    plan: Plan
    reservation: ReservationId | None
    decision_maker: DecisionMakerId
    at: datetime


class OfferAlreadyOpen(Refusal):
    """An offer waits for the customer, or a draft for another holder; two would be two promises."""

    reason = "OFFER_ALREADY_OPEN"

    def __init__(self, waiting: Offer) -> None:
        until = waiting.made.expires_by if waiting.made else None
        where = (
            f"waits for the customer until {until:%H:%M} UTC; let them answer it first"
            if until
            else "is a draft that waits for another holder; let them decide"
        )
        super().__init__(
            f"offer {waiting.offer} {where}, or take it back with WithdrawOffer",
            offer_id=waiting.offer,
            **({"expires_by": until.isoformat()} if until else {}),
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
        if offer.state in WAITING:
            raise OfferAlreadyOpen(offer)


def make(offers: Offers, command: MakeOffer, known: Prepared) -> Sequence[OfferMade | OfferDrafted]:
    """The offer, or the draft where no authority could be set aside for it; or a refusal."""
    may_offer(offers, known.case, command.by)
    if known.reservation is None:
        return (_drafted(command, known),)
    return (_made(command, known, known.reservation),)


def _made(command: MakeOffer, known: Prepared, reservation: ReservationId) -> OfferMade:
    """Open as long as its shipping can still be ordered."""
    policy = POLICIES[known.case.policy_version]
    return OfferMade(
        escalation=known.case.escalation,
        offer=command.offer,
        remedies=known.plan.authorised(known.decision_maker),
        explanation=command.explanation,
        apology=command.apology,
        reservation=reservation,
        maker=known.decision_maker,
        made_at=known.at,
        expires_by=policy.offer_until(known.at, known.plan.cut_offs),
    )


def _drafted(command: MakeOffer, known: Prepared) -> OfferDrafted:
    """Nobody has authorised its exceptions yet."""
    cut_off = min(known.plan.cut_offs, default=None)
    return OfferDrafted(
        escalation=known.case.escalation,
        offer=command.offer,
        remedies=known.plan.remedies,
        explanation=command.explanation,
        apology=command.apology,
        maker=known.decision_maker,
        maker_subject=command.by.subject,
        needs=tuple(use.need for use in known.plan.uses),
        drafted_at=known.at,
        approve_by=POLICIES[known.case.policy_version].approve_by(known.at, cut_off),
        cut_off=cut_off,
    )
