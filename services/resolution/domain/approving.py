"""What becomes of a draft: another holder stands in for it, or says no (S35).

Never its maker, whoever owns the case by then. Whether the approver's authority covers the draft is
routing's to say: it is set aside before the yes is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.values.identity import Actor, DecisionMakerId, OfferId, ReservationId
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from services.resolution.domain.answering import DecidedAlready, OfferNotOpen
from services.resolution.domain.case import Case
from services.resolution.domain.drafts import (
    OfferApproved,
    OfferDrafted,
    OfferRejected,
    RejectReason,
)
from services.resolution.domain.offering import Plan
from services.resolution.domain.offers import OfferMade, Offers, OfferState
from services.resolution.domain.policy import POLICIES


@dataclass(frozen=True, slots=True)
class ApproveOffer:
    """Another holder stands in for a draft."""

    offer: OfferId
    by: Actor


@dataclass(frozen=True, slots=True)
class Backed:
    """Whose authority was set aside for the draft, and when that was done."""

    case: Case
    reservation: ReservationId
    decision_maker: DecisionMakerId
    at: datetime


@dataclass(frozen=True, slots=True)
class RejectOffer:
    """Another holder says no to a draft; `note` is for its owner."""

    offer: OfferId
    reason: RejectReason
    note: Personal[str]
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Rejecting:
    """The case, and who the caller is in the directory."""

    case: Case
    decision_maker: DecisionMakerId


class SelfApproval(Refusal):
    """Nobody decides about a draft of their own."""

    reason = "SELF_APPROVAL"

    def __init__(self, offer: OfferId) -> None:
        super().__init__(
            f"draft {offer} is your own, and another holder decides about it; have one of them "
            "do it, or take it back with WithdrawOffer",
            offer_id=offer,
        )


def draft_for(offers: Offers, offer: OfferId, who: Actor) -> OfferDrafted:
    """The draft, which this caller may decide about.

    Raises:
        OfferNotFound, SelfApproval, DecidedAlready
    """
    found = offers.of(offer)
    if found.drafted is None:
        raise DecidedAlready(offer, found.state)
    if found.drafted.maker_subject == who.subject:
        raise SelfApproval(offer)
    if found.state is not OfferState.DRAFT:
        raise DecidedAlready(offer, found.state)
    return found.drafted


def approvable(
    offers: Offers, command: ApproveOffer, case: Case, at: datetime
) -> tuple[OfferDrafted, Plan]:
    """The draft, and what of it must be authorised.

    Raises:
        OfferNotFound, SelfApproval, DecidedAlready, EscalationClosed
        OfferNotOpen: its shipping cannot be ordered any more.
    """
    draft = draft_for(offers, command.offer, command.by)
    case.still_open()
    if draft.cut_off is not None and at >= draft.cut_off:
        raise OfferNotOpen(command.offer, draft.cut_off)
    return draft, Plan(draft.remedies, () if draft.cut_off is None else (draft.cut_off,))


def approve(
    offers: Offers, command: ApproveOffer, known: Backed
) -> Sequence[OfferApproved | OfferMade]:
    """The yes and the offer that it makes, in the name of who authorised it (S32); or a refusal."""
    case, at = known.case, known.at
    draft, plan = approvable(offers, command, case, at)
    approved = OfferApproved(
        escalation=case.escalation,
        offer=command.offer,
        approver=known.decision_maker,
        approver_subject=command.by.subject,
        reservation=known.reservation,
        approved_at=at,
    )
    made = OfferMade(
        escalation=case.escalation,
        offer=command.offer,
        remedies=plan.authorised(known.decision_maker),
        explanation=draft.explanation,
        apology=draft.apology,
        reservation=known.reservation,
        maker=draft.maker,
        made_at=at,
        expires_by=POLICIES[case.policy_version].offer_until(at, plan.cut_offs),
    )
    return approved, made


def reject(offers: Offers, command: RejectOffer, known: Rejecting) -> Sequence[OfferRejected]:
    """The no, with its reason, or a refusal."""
    draft_for(offers, command.offer, command.by)
    return (
        OfferRejected(
            escalation=known.case.escalation,
            offer=command.offer,
            approver=known.decision_maker,
            approver_subject=command.by.subject,
            reason=command.reason,
            note=command.note,
            rejected_at=command.at,
            offer_by=command.at + POLICIES[known.case.policy_version].offer_by,
        ),
    )
