"""Promises to the customer: what the owner promised by when, and whether it was kept (S52).

A promise never holds up anything else of the case. One that broke can still be kept, late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from amends.values.identity import Actor, DecisionMakerId, EscalationId, PromiseId
from amends.values.personal import Personal
from amends.values.refusal import InvalidField, Refusal
from services.resolution.domain.case import Case
from services.resolution.domain.policy import POLICIES


class PromiseState(Enum):
    """How a promise stands."""

    OPEN = auto()
    KEPT = auto()
    BROKEN = auto()
    KEPT_LATE = auto()


_SETTLED = frozenset({PromiseState.KEPT, PromiseState.KEPT_LATE})


@dataclass(frozen=True, slots=True)
class MakePromise:
    """The owner promises something by a time."""

    promise: PromiseId
    what: Personal[str]
    due_by: datetime
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class KeepPromise:
    """The owner says that it was done."""

    promise: PromiseId
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class BreakPromise:
    """The clock says that its time passed."""

    promise: PromiseId
    at: datetime


Command = MakePromise | KeepPromise | BreakPromise


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """The owner promised the customer something; from `warn_by` on an alarm stands."""

    escalation: EscalationId
    promise: PromiseId
    what: Personal[str]
    maker: DecisionMakerId
    promised_at: datetime
    due_by: datetime
    warn_by: datetime


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """It was done; `in_time` False where that was after its time."""

    escalation: EscalationId
    promise: PromiseId
    kept_at: datetime
    in_time: bool


@dataclass(frozen=True, slots=True)
class PromiseBroken:
    """Its time passed."""

    escalation: EscalationId
    promise: PromiseId
    broken_at: datetime


Event = PromiseMade | PromiseKept | PromiseBroken


class PromiseNotFound(Refusal):
    """No such promise in this case."""

    reason = "PROMISE_NOT_FOUND"

    def __init__(self, promise: PromiseId) -> None:
        super().__init__(
            f"promise {promise} does not exist in this case; GetResolution lists those that do",
            promise_id=promise,
        )


class PromiseSettled(Refusal):
    """It was kept before."""

    reason = "PROMISE_SETTLED"

    def __init__(self, promise: PromiseId, state: PromiseState) -> None:
        kept = state.name.lower().replace("_", " ")
        super().__init__(
            f"promise {promise} is {kept} already; make another one for what is still to be done",
            promise_id=promise,
            state=state.name,
        )


class PromiseNotDue(Refusal):
    """The clock came before its time."""

    reason = "NOT_DUE"

    def __init__(self, made: PromiseMade) -> None:
        super().__init__(
            f"promise {made.promise} is to be kept by {made.due_by.isoformat()}; come back then",
            promise_id=made.promise,
            due_by=made.due_by.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise and how it stands."""

    made: PromiseMade
    state: PromiseState = PromiseState.OPEN


@dataclass(frozen=True, slots=True)
class Promises:
    """Everything that was promised in one case, in order."""

    by_id: Mapping[PromiseId, Promise] = field(default_factory=dict)

    def of(self, promise: PromiseId) -> Promise:
        """The promise; PromiseNotFound where there is none."""
        if promise not in self.by_id:
            raise PromiseNotFound(promise)
        return self.by_id[promise]


def decide(promises: Promises, command: Command, case: Case) -> Sequence[Event]:
    """The event that the command causes, or a refusal.

    Raises:
        NotTheOwner, EscalationClosed, InvalidField, PromiseNotFound, PromiseSettled, PromiseNotDue
    """
    match command:
        case MakePromise():
            return (_made(command, case),)
        case KeepPromise():
            case.for_owner(command.by)
            return (_kept(promises.of(command.promise), command, case),)
        case BreakPromise():
            return _broken(promises.of(command.promise), command, case)
        case _:
            assert_never(command)


def _made(command: MakePromise, case: Case) -> PromiseMade:
    owner = case.for_owner(command.by)
    case.still_open()
    if command.due_by <= command.at:
        at = f"{command.at:%Y-%m-%d %H:%M} UTC"
        raise InvalidField("due_by", f"must be in the future, it is {at} now; promise a later time")
    return PromiseMade(
        escalation=case.escalation,
        promise=command.promise,
        what=command.what,
        maker=owner.decision_maker,
        promised_at=command.at,
        due_by=command.due_by,
        warn_by=POLICIES[case.policy_version].warn_by(command.at, command.due_by),
    )


def _kept(promise: Promise, command: KeepPromise, case: Case) -> PromiseKept:
    if promise.state in _SETTLED:
        raise PromiseSettled(command.promise, promise.state)
    in_time = promise.state is PromiseState.OPEN and command.at <= promise.made.due_by
    return PromiseKept(case.escalation, command.promise, command.at, in_time)


def _broken(promise: Promise, command: BreakPromise, case: Case) -> Sequence[PromiseBroken]:
    """Losing the race against the owner is no event; an early clock is refused, not remembered."""
    if promise.state is not PromiseState.OPEN:
        return ()
    if command.at < promise.made.due_by:
        raise PromiseNotDue(promise.made)
    return (PromiseBroken(case.escalation, command.promise, command.at),)


def evolve(promises: Promises, event: object) -> Promises:
    """Never refuses, never reads a clock."""
    match event:
        case PromiseMade():
            return _with(promises, Promise(event))
        case PromiseKept():
            kept = PromiseState.KEPT if event.in_time else PromiseState.KEPT_LATE
            return _with(promises, replace(promises.by_id[event.promise], state=kept))
        case PromiseBroken():
            found = promises.by_id[event.promise]
            return _with(promises, replace(found, state=PromiseState.BROKEN))
        case _:
            return promises


def _with(promises: Promises, promise: Promise) -> Promises:
    return Promises({**promises.by_id, promise.made.promise: promise})
