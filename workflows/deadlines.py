"""What must have happened by when, and the alarm that stands while it has not.

Pure. The deadlines are those of the events; here stands only which alarm follows from which.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows import names
from workflows.state import Case, Due
from workflows.waits import first_delivery, needs_resolution, offer_due, to_carry_out

ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
ASSIGNMENT_OVERDUE = "ASSIGNMENT_OVERDUE"
RESTATEMENT_OVERDUE = "RESTATEMENT_OVERDUE"
CONFIRMATION_OVERDUE = "CONFIRMATION_OVERDUE"
OFFER_OVERDUE = "OFFER_OVERDUE"
APPROVAL_OVERDUE = "APPROVAL_OVERDUE"
REMEDY_OVERDUE = "REMEDY_OVERDUE"
REFUND_OVERDUE = "REFUND_OVERDUE"
ANSWER_OVERDUE = "ANSWER_OVERDUE"
DELIVERY_OVERDUE = "DELIVERY_OVERDUE"
PROMISE_AT_RISK = "PROMISE_AT_RISK"
PROMISE_BROKEN = "PROMISE_BROKEN"
PROBLEM_NOT_CONFIRMED = "PROBLEM_NOT_CONFIRMED"
UNEXPECTED_REFUSAL = "UNEXPECTED_REFUSAL"

CLEARS_WHEN: Mapping[str, str] = {
    ACKNOWLEDGEMENT_OVERDUE: "the customer was sent the acknowledgement",
    ASSIGNMENT_OVERDUE: "routing has asked a decision-maker",
    RESTATEMENT_OVERDUE: "the owner has restated the problem",
    CONFIRMATION_OVERDUE: "the customer has confirmed the restatement",
    OFFER_OVERDUE: "the owner has made an offer",
    APPROVAL_OVERDUE: "another holder has approved or rejected the draft, or its owner withdrew it",
    REMEDY_OVERDUE: "every remedy of the accepted offer has been started",
    REFUND_OVERDUE: "the refund is credited, or has failed: the owner then owes another offer",
    ANSWER_OVERDUE: "the owner has sent the answer",
    DELIVERY_OVERDUE: "the platform has delivered what was said to the customer",
    PROMISE_AT_RISK: "the owner has kept the promise; when its time passes it is PROMISE_BROKEN",
    PROMISE_BROKEN: "the owner has kept the promise after all, or the case is closed",
    PROBLEM_NOT_CONFIRMED: "the customer has confirmed the restatement again",
    UNEXPECTED_REFUSAL: "the next news of the case, or a later attempt, lets it go on",
}
"""Every alarm that the workflow raises."""

OF_OTHERS: Mapping[str, str] = {
    "NO_DECISION_MAKER": "somebody who can decide is asked",
    "INBOX_PARKED": "the service can take in what it was told",
}
"""Every alarm that the services raise and clear by themselves."""

_ENDED_BY: Mapping[str, str] = {
    ACKNOWLEDGEMENT_OVERDUE: names.RESOLUTION,
    ASSIGNMENT_OVERDUE: names.ROUTING,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """Something that must have happened by `due`; else `kind` is raised at `service`."""

    kind: str
    service: str
    due: Due
    clears_when: str

    @property
    def ended_by(self) -> str:
        """The service that says when it has happened; mostly the one that is told of the alarm."""
        return _ENDED_BY.get(self.kind, self.service)


def expected(case: Case) -> list[Expected]:
    """Everything that must happen by a time that stands in an event, and has not happened."""
    if case.closed:
        return []
    candidates = [*_of_intake(case), *_of_resolution(case), *_of_money(case), *_of_promises(case)]
    return [
        Expected(kind, service, due, CLEARS_WHEN[kind])
        for kind, service, due in candidates
        if due is not None
    ]


def _of_intake(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    intake, routing = case.intake, case.routing
    if not case.resolution.sent.get("ACKNOWLEDGEMENT"):
        yield ACKNOWLEDGEMENT_OVERDUE, names.INTAKE, intake.acknowledge
    if not (routing.assignment or routing.nobody or routing.owner):
        yield ASSIGNMENT_OVERDUE, names.INTAKE, intake.assign
    if not (routing.owner and needs_resolution(case)):
        return
    if not intake.restatement:
        yield RESTATEMENT_OVERDUE, names.INTAKE, routing.restate
    elif not intake.confirmed:
        yield CONFIRMATION_OVERDUE, names.INTAKE, intake.confirm


def _of_resolution(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    part = case.resolution
    if case.routing.owner and case.intake.confirmed and needs_resolution(case):
        if not (part.offer or part.draft or part.agreed):
            yield OFFER_OVERDUE, names.RESOLUTION, offer_due(case)
        if to_carry_out(case):
            yield REMEDY_OVERDUE, names.RESOLUTION, part.carry_out
        if part.agreed and not part.answer_sent:
            yield ANSWER_OVERDUE, names.RESOLUTION, part.answer
    if part.draft:
        yield APPROVAL_OVERDUE, names.RESOLUTION, part.draft.approve
    yield DELIVERY_OVERDUE, names.RESOLUTION, first_delivery(case)


def _of_money(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    """Until the money is there or known not to come, however long that takes."""
    remedies = case.resolution.remedies.values()
    yield REFUND_OVERDUE, names.RESOLUTION, _first(e.expected for e in remedies if not e.final)


def _of_promises(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    promises = case.resolution.promises.values()
    yield PROMISE_AT_RISK, names.RESOLUTION, _first(e.warn for e in promises if not e.broken)
    yield PROMISE_BROKEN, names.RESOLUTION, _first(each.broken for each in promises)


def _first(dues: Iterable[Due | None]) -> Due | None:
    """One alarm of a kind stands at a time: from the first of several deadlines on."""
    return min((due for due in dues if due), key=lambda due: due.by, default=None)
