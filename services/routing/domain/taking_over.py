"""Taking over: a case is given to another person at once, with a reason; nobody is waited for.

Operations give it to whom they choose; its owner may give it to somebody less senior too. Whatever
assignment or hand-over waits ends in the same event, so that there is one owner at every moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from amends.values.alarm import AlarmCleared
from amends.values.authority import Need, uncovered
from amends.values.identity import (
    Actor,
    AssignmentId,
    DecisionMakerId,
    EscalationId,
    Role,
    Subject,
)
from amends.values.personal import Personal
from amends.values.refusal import EscalationClosed, InvalidField, NotTheOwner
from services.routing.domain import assignments, ownership
from services.routing.domain.assignment import NO_DECISION_MAKER
from services.routing.domain.assignments import Assignments, Known
from services.routing.domain.case import Case, needs_of
from services.routing.domain.directory import NOBODY, DecisionMakerKind, DecisionMakerNotFound
from services.routing.domain.hand_over import ReceiverNotAuthorised
from services.routing.domain.matching import Holder, Reason, lacking_reason, lacking_words
from services.routing.domain.ownership import Owner, Ownership
from services.routing.domain.take_over import (
    AlreadyTheOwner,
    EscalationDeescalated,
    NotLessSenior,
    OwnershipTaken,
    ReceiverCurrencyNotGranted,
    TakeOverReason,
)

_FIELD = "to_decision_maker_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Operations give the case to somebody; `assignment` is as which it stands in their queue."""

    escalation: EscalationId
    assignment: AssignmentId
    to_decision_maker: DecisionMakerId
    reason: TakeOverReason
    note: Personal[str] | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deescalate:
    """The owner, or operations, give the case to somebody less senior."""

    escalation: EscalationId
    assignment: AssignmentId
    to_decision_maker: DecisionMakerId
    reason: TakeOverReason
    note: Personal[str] | None
    by: Actor
    at: datetime


Command = TakeOver | Deescalate
Event = OwnershipTaken | EscalationDeescalated | AlarmCleared


@dataclass(frozen=True, slots=True)
class Standing:
    """Who owns the case, and who is asked for it."""

    ownership: Ownership = field(default_factory=Ownership)
    assignments: Assignments = field(default_factory=Assignments)


def decide(state: Standing, command: Command, known: Known) -> Sequence[Event]:
    """Events that the command causes.

    `known.holders` are the whole directory.

    Raises:
        EscalationNotFound, EscalationClosed, DecisionMakerNotFound, InvalidField,
        AlreadyTheOwner, ReceiverNotAuthorised, ReceiverCurrencyNotGranted; NotTheOwner,
        NotLessSenior
    """
    case, owner = known.case_of(command.escalation), state.ownership.owner
    if isinstance(command, TakeOver):
        receiver, needs = _receiver(case, owner, command, known)
        return (_taken(command, owner, receiver, needs, case), *_cleared(state, command.at))
    if owner is None or (
        command.by.role is not Role.OPERATIONS and command.by.subject != owner.subject
    ):
        raise NotTheOwner(command.escalation, owner.public_name if owner else "")
    receiver, needs = _receiver(case, owner, command, known)
    _check_less_senior(owner, receiver, known)
    return (_deescalated(command, owner, receiver, needs),)


def evolve(state: Standing, event: object) -> Standing:
    """Never refuses, never reads a clock; other ideas' events change nothing."""
    return Standing(
        ownership.evolve(state.ownership, event), assignments.evolve(state.assignments, event)
    )


def _receiver(
    case: Case, owner: Owner | None, command: Command, known: Known
) -> tuple[Holder, tuple[Need, ...]]:
    """The next owner, and what the case needs, all of which they may grant."""
    if case.over:
        raise EscalationClosed(command.escalation)
    receiver = known.holder(command.to_decision_maker)
    if receiver is None:
        raise DecisionMakerNotFound(command.to_decision_maker)
    if receiver.kind is not DecisionMakerKind.PERSON:
        raise InvalidField(_FIELD, f"{_FIELD} must be a person; one person owns a case, no team")
    if owner is not None and owner.subject in receiver.subjects:
        raise AlreadyTheOwner(command.escalation, owner.public_name)
    needs = needs_of(case, command.at)
    _check_authority(receiver, needs)
    return receiver, needs


def _check_authority(receiver: Holder, needs: Sequence[Need]) -> None:
    lacking = uncovered(needs, receiver.limits)
    if not lacking:
        return
    reason = lacking_reason(lacking, receiver.limits)
    kind = (
        ReceiverCurrencyNotGranted
        if reason is Reason.CURRENCY_NOT_GRANTED
        else ReceiverNotAuthorised
    )
    raise kind(receiver.public_name, lacking, lacking_words(lacking, receiver.limits))


def _check_less_senior(owner: Owner, receiver: Holder, known: Known) -> None:
    entry = known.holder(owner.decision_maker)
    if entry is None:
        raise DecisionMakerNotFound(owner.decision_maker)
    if receiver.seniority >= entry.seniority:
        names = receiver.public_name, receiver.seniority, owner.public_name, entry.seniority
        raise NotLessSenior(*names)


def _taken(
    command: TakeOver, owner: Owner | None, receiver: Holder, needs: tuple[Need, ...], case: Case
) -> OwnershipTaken:
    """The next owner has as long to say the problem back as one who accepted."""
    return OwnershipTaken(
        escalation=command.escalation,
        from_decision_maker=owner.decision_maker if owner else NOBODY,
        from_public_name=owner.public_name if owner else "",
        decision_maker=receiver.decision_maker,
        public_name=receiver.public_name,
        owner_subject=_subject_of(receiver),
        reason=command.reason,
        note=command.note,
        taken_at=command.at,
        restate_by=command.at + case.policy.restate,
        assignment=command.assignment,
        needs=needs,
    )


def _deescalated(
    command: Deescalate, owner: Owner, receiver: Holder, needs: tuple[Need, ...]
) -> EscalationDeescalated:
    return EscalationDeescalated(
        escalation=command.escalation,
        from_decision_maker=owner.decision_maker,
        from_public_name=owner.public_name,
        decision_maker=receiver.decision_maker,
        public_name=receiver.public_name,
        owner_subject=_subject_of(receiver),
        reason=command.reason,
        note=command.note,
        deescalated_at=command.at,
        assignment=command.assignment,
        needs=needs,
    )


def _cleared(state: Standing, at: datetime) -> Sequence[AlarmCleared]:
    """Somebody decides it now, whom nobody could find before."""
    alarm = state.assignments.alarm
    return () if alarm is None else (AlarmCleared(alarm.alarm_id, NO_DECISION_MAKER, at),)


def _subject_of(person: Holder) -> Subject:
    """A person has one subject (`directory`)."""
    [subject] = person.subjects
    return subject
