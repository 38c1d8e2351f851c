"""Remedies in place of one another and money on its way, beside the football shoes."""

from dataclasses import replace

from amends.values.identity import OfferId, RemedyId
from amends.values.remedy import RefundMethod, RemedyKind
from services.resolution.domain.merchant import Refund, RefundState
from services.resolution.domain.offers import OfferAccepted, OfferMade
from services.resolution.domain.remedies import (
    RemedyCompensated,
    RemedyCompleted,
    RemedyFailed,
    RemedyStarted,
)
from services.resolution.domain.remedy import NO_REMEDY, Remedy
from tests.unit.resolution.builders import (
    ESCALATION,
    MADE,
    MINUTE,
    NOW,
    PAID,
    RESERVATION,
    london,
    pounds,
)

MONEY, CERTIFICATE = RemedyId("rem_money"), RemedyId("rem_gift")
SECOND = OfferId("off_2")
THREE_DAYS = london("Tue 18:00")


def refund_of(minor: int, remedy: RemedyId = MONEY, instead_of: RemedyId = NO_REMEDY) -> Remedy:
    """So many pence back."""
    return Remedy(
        remedy,
        RemedyKind.REFUND,
        pounds(minor),
        method=RefundMethod.ORIGINAL_PAYMENT,
        in_place_of=instead_of,
    )


def gift(instead_of: RemedyId = NO_REMEDY, remedy: RemedyId = CERTIFICATE) -> Remedy:
    """A gift certificate."""
    return Remedy(remedy, RemedyKind.GIFT_CERTIFICATE, pounds(2000), in_place_of=instead_of)


def offered(*remedies: Remedy, offer: OfferId = SECOND) -> tuple[OfferMade, OfferAccepted]:
    """An offer of these, accepted."""
    ids = tuple(one.remedy for one in remedies)
    return (
        replace(MADE, offer=offer, remedies=remedies),
        OfferAccepted(ESCALATION, offer, ids, NOW, NOW, NOW),
    )


def begun(remedy: Remedy) -> RemedyStarted:
    return RemedyStarted(
        ESCALATION, remedy.remedy, SECOND, remedy.kind, remedy.remedy, NOW + 2 * MINUTE
    )


def done(remedy: RemedyId) -> RemedyCompleted:
    return RemedyCompleted(ESCALATION, remedy, RESERVATION, NOW)


def failed(remedy: RemedyId, reason: str = "OUT_OF_STOCK") -> RemedyFailed:
    return RemedyFailed(ESCALATION, remedy, RESERVATION, reason, NOW)


def taken_back(remedy: RemedyId) -> RemedyCompensated:
    return RemedyCompensated(ESCALATION, remedy, RESERVATION, NOW)


SENT = Refund(
    refund="rfd_1",
    key=MONEY,
    amount=PAID,
    method=RefundMethod.ORIGINAL_PAYMENT,
    state=RefundState.SUBMITTED,
    requested_by="resolution",
    created_at=NOW + 3 * MINUTE,
    expected_by=THREE_DAYS,
)
THERE = replace(SENT, state=RefundState.SUCCEEDED, credited_at=london("Tue 11:00"))
FELL_THROUGH = replace(
    SENT, state=RefundState.FAILED, failed_at=london("Tue 11:00"), failure="CARD_EXPIRED"
)
CAME_BACK = replace(FELL_THROUGH, credited_at=london("Sun 11:00"), failure="ACCOUNT_CLOSED")
DESKS = replace(FELL_THROUGH, key="finance-1", requested_by="finance desk", refund="rfd_0")
"""Another's refund that failed."""
