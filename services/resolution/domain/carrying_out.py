"""Carrying out a remedy: intent first, then the merchant, then the outcome (S39, S44, S45).

The two halves are commands of their own, since between them the merchant is asked. Each half
repeated changes nothing: the intent stands, and an outcome is recorded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from amends.values.identity import EscalationId, OfferId, RemedyId
from amends.values.refusal import Refusal
from services.resolution.domain.case import Case
from services.resolution.domain.ending import completed, failed
from services.resolution.domain.merchant import Credit, Refund, Replacement, Return
from services.resolution.domain.policy import POLICIES, next_look
from services.resolution.domain.refunding import submitted
from services.resolution.domain.remedies import (
    GONE,
    CreditIssued,
    Event,
    Progress,
    Remedies,
    RemedyStarted,
    RemedyState,
)
from services.resolution.domain.remedy import Remedy
from services.resolution.domain.replacements import (
    ReplacementDelayed,
    ReplacementOrdered,
)


@dataclass(frozen=True, slots=True)
class StartRemedy:
    """The intent to carry it out."""

    remedy: RemedyId
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What intake answered just now: whether the customer confirmed the current restatement."""

    case: Case
    confirmed: bool


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """The merchant took the order; `returning` None where goods need not come back."""

    remedy: RemedyId
    replacement: Replacement
    returning: Return | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordCredit:
    """The merchant gave the credit."""

    remedy: RemedyId
    credit: Credit
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordRefund:
    """The merchant sent the money off."""

    remedy: RemedyId
    refund: Refund
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """The merchant refused for good; `reason` is its code."""

    remedy: RemedyId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordNothing:
    """There is nothing to record: the remedy had its outcome before."""

    remedy: RemedyId


Outcome = RecordOrder | RecordCredit | RecordRefund | RecordFailure | RecordNothing


class OfferNotAccepted(Refusal):
    """Nothing is carried out that the customer did not accept."""

    reason = "OFFER_NOT_ACCEPTED"

    def __init__(self, offer: OfferId) -> None:
        super().__init__(
            f"offer {offer} was not accepted by the customer; have it answered with AnswerOffer",
            offer_id=offer,
        )


class NotCompensated(Refusal):
    """Never both: what it comes in place of is taken back first."""

    reason = "NOT_COMPENSATED"

    def __init__(self, remedy: RemedyId, old: RemedyId) -> None:
        super().__init__(
            f"remedy {remedy} comes in place of {old}, which still stands; take that back first "
            "with CompensateRemedy",
            remedy_id=remedy,
            in_place_of=old,
        )


class ProblemNotConfirmed(Refusal):
    """No remedy before the customer confirmed the current restatement (S18)."""

    reason = "PROBLEM_NOT_CONFIRMED"

    def __init__(self, escalation: EscalationId) -> None:
        super().__init__(
            f"the customer has not confirmed the current restatement of {escalation}; restate the "
            "problem and have it confirmed",
            escalation_id=escalation,
        )


def start(remedies: Remedies, command: StartRemedy, known: Confirmation) -> Sequence[Event]:
    """The intent, once; what is started goes on where it stands, what is replaced never begins."""
    found = remedies.of(command.remedy)
    if not found.accepted:
        raise OfferNotAccepted(found.offer)
    if found.state is not RemedyState.PROMISED or remedies.replacing(command.remedy):
        return ()
    if not known.confirmed:
        raise ProblemNotConfirmed(known.case.escalation)
    _old_is_gone(remedies, found.remedy)
    return (
        RemedyStarted(
            escalation=known.case.escalation,
            remedy=command.remedy,
            offer=found.offer,
            kind=found.remedy.kind,
            key=command.remedy,
            started_at=command.at,
        ),
    )


def _old_is_gone(remedies: Remedies, remedy: Remedy) -> None:
    old = remedies.by_id.get(remedy.in_place_of)
    if old is not None and old.state not in GONE:
        raise NotCompensated(remedy.remedy, old.remedy.remedy)


def conclude(remedies: Remedies, outcome: Outcome, case: Case) -> Sequence[Event]:
    """What the merchant did, recorded once."""
    found = remedies.of(outcome.remedy)
    if found.state is not RemedyState.STARTED:
        return ()
    match outcome:
        case RecordOrder():
            return _ordered(found, outcome, case)
        case RecordCredit():
            return _credited(found, outcome, case)
        case RecordRefund():
            return submitted(found, outcome.refund, case, outcome.at)
        case RecordFailure():
            return (failed(found, case, outcome.reason, outcome.at),)
        case RecordNothing():
            return ()
        case _:
            assert_never(outcome)


def _ordered(found: Progress, outcome: RecordOrder, case: Case) -> Sequence[Event]:
    """The order, and at once that it comes later than promised, where it does."""
    took = outcome.replacement
    policy = POLICIES[case.policy_version]
    check_by = next_look(took.ships_by, outcome.at, policy.look_again_unshipped)
    ordered = ReplacementOrdered(
        escalation=case.escalation,
        remedy=outcome.remedy,
        replacement=took.replacement,
        service=took.service,
        ships_by=took.ships_by,
        arrives_by=took.arrives_by,
        return_id=outcome.returning.return_id if outcome.returning else "",
        return_by=outcome.returning.return_by if outcome.returning else None,
        check_by=check_by,
    )
    promised = found.remedy.shipping
    if promised is None or took.arrives_by <= promised.arrives_by:
        return (ordered,)
    delayed = ReplacementDelayed(case.escalation, outcome.remedy, took.arrives_by, check_by)
    return (ordered, delayed)


def _credited(found: Progress, outcome: RecordCredit, case: Case) -> Sequence[Event]:
    gave, promised = outcome.credit, found.remedy
    issued = CreditIssued(
        escalation=case.escalation,
        remedy=outcome.remedy,
        credit=gave.credit,
        amount=gave.amount,
        valid_until=gave.valid_until,
        kind=promised.kind,
        percent=promised.percent,
    )
    return (issued, completed(found, case, outcome.at))
