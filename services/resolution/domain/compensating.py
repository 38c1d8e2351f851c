"""Taking back what a remedy did, because another comes in its place: never both.

What was not begun is left. What was done is taken back at the merchant by its key. What cannot be
taken back any more stays with the customer, and the remedy that was to replace it fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from amends.values.identity import RemedyId
from amends.values.refusal import InvalidField, Refusal
from amends.values.remedy import RemedyKind
from services.resolution.domain.case import Case
from services.resolution.domain.ending import compensated, failed
from services.resolution.domain.remedies import GONE, Event, Remedies, RemedyState
from services.resolution.domain.remedy import NO_REMEDY

NOT_REVERSIBLE = "NOT_REVERSIBLE"
"""Money that was sent back is the customer's, or on its way to them."""


@dataclass(frozen=True, slots=True)
class LeaveUnstarted:
    """What was not begun shall not begin."""

    remedy: RemedyId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordTakenBack:
    """The merchant took back what had been done."""

    remedy: RemedyId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordStays:
    """It cannot be taken back; `reason` says why."""

    remedy: RemedyId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordNoChange:
    """There was nothing to take back, or not any more."""

    remedy: RemedyId


Outcome = RecordTakenBack | RecordStays | RecordNoChange
Command = LeaveUnstarted | Outcome


class NotReplaced(Refusal):
    """Nothing is taken back that the customer was not given something else for."""

    reason = "NOT_REPLACED"

    def __init__(self, remedy: RemedyId) -> None:
        super().__init__(
            f"no accepted remedy comes in place of {remedy}; offer one with in_place_of and have "
            "it accepted",
            remedy_id=remedy,
        )


def may_replace(standing: Remedies, replaced: Sequence[RemedyId]) -> None:
    """Promises that each remedy (or NO_REMEDY) may have another in its place, in this order.

    Raises:
        RemedyNotFound: it was never offered.
        InvalidField: it was not accepted, is money that was sent, or has one in its place already.
    """
    for n, remedy in enumerate(replaced):
        if remedy == NO_REMEDY:
            continue
        why = _irreplaceable(standing, remedy)
        if remedy in replaced[:n]:
            why = "is replaced by another remedy of this offer"
        if why:
            field = f"remedies[{n}].in_place_of"
            raise InvalidField(field, f"remedy {remedy} {why}; leave it out, or name another")


def _irreplaceable(standing: Remedies, remedy: RemedyId) -> str:
    found = standing.of(remedy)
    if not found.accepted:
        return "was not accepted by the customer, so that nothing need come in its place"
    if taken := standing.replacing(remedy):
        return f"has {taken[0].remedy.remedy} in its place already"
    before = standing.by_id.get(found.remedy.in_place_of)
    if before is not None and before.state not in GONE:
        return f"comes in place of {before.remedy.remedy}, which is not taken back yet"
    kept = found.state not in {RemedyState.PROMISED, *GONE}
    if found.remedy.kind is RemedyKind.REFUND and kept:
        return "is money that is the customer's or on its way to them, and cannot be taken back"
    return ""


def decide(remedies: Remedies, command: Command, case: Case) -> Sequence[Event]:
    """That it is taken back, once, or that the other one fails for it."""
    found, waiting = remedies.of(command.remedy), remedies.replacing(command.remedy)
    if not remedies.in_place_of(command.remedy):
        raise NotReplaced(command.remedy)
    if found.state in GONE or not waiting:
        return ()
    match command:
        case LeaveUnstarted():
            unstarted = found.state is RemedyState.PROMISED
            return (compensated(found, case, command.at),) if unstarted else ()
        case RecordTakenBack():
            return (compensated(found, case, command.at),)
        case RecordStays():
            return tuple(failed(one, case, command.reason, command.at) for one in waiting)
        case RecordNoChange():
            return ()
        case _:
            assert_never(command)
