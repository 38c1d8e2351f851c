"""What a case waits for, until when, and what is wrong when that time has passed.

Pure questions about a case: they say where it stands, never what is right. The words are for
operations; they name staff by their public names and customers not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workflows import names
from workflows.state import Case, Due, Remedy

ACKNOWLEDGEMENT_OVERDUE = "ACKNOWLEDGEMENT_OVERDUE"
ASSIGNMENT_OVERDUE = "ASSIGNMENT_OVERDUE"
RESTATEMENT_OVERDUE = "RESTATEMENT_OVERDUE"
CONFIRMATION_OVERDUE = "CONFIRMATION_OVERDUE"
OFFER_OVERDUE = "OFFER_OVERDUE"
REMEDY_OVERDUE = "REMEDY_OVERDUE"
ANSWER_OVERDUE = "ANSWER_OVERDUE"
DELIVERY_OVERDUE = "DELIVERY_OVERDUE"
PROBLEM_NOT_CONFIRMED = "PROBLEM_NOT_CONFIRMED"
UNEXPECTED_REFUSAL = "UNEXPECTED_REFUSAL"

CLEARS_WHEN: Mapping[str, str] = {
    ACKNOWLEDGEMENT_OVERDUE: "the customer was sent the acknowledgement",
    ASSIGNMENT_OVERDUE: "routing has asked a decision-maker",
    RESTATEMENT_OVERDUE: "the owner has restated the problem",
    CONFIRMATION_OVERDUE: "the customer has confirmed the restatement",
    OFFER_OVERDUE: "the owner has made an offer",
    REMEDY_OVERDUE: "every remedy of the accepted offer has been started",
    ANSWER_OVERDUE: "the owner has sent the answer",
    DELIVERY_OVERDUE: "the platform has delivered what was said to the customer",
    PROBLEM_NOT_CONFIRMED: "the customer has confirmed the restatement again",
    UNEXPECTED_REFUSAL: "the next news of the case, or a later attempt, lets it go on",
}
"""Every alarm that the workflow raises; routing raises and clears NO_DECISION_MAKER by itself."""

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


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a case waits for, as in "waiting <for Maya to accept>", and until when."""

    words: str
    due: Due | None = None


def needs_resolution(case: Case) -> bool:
    """Whether this round of the case is not made right yet; a reopening begins another round."""
    return case.resolution.resolved <= case.followup.reopened


def may_be_resolved(case: Case) -> bool:
    """Agreed, no other offer open, every remedy final, and the answer with the customer."""
    part = case.resolution
    finished = not part.offer and all(remedy.final for remedy in part.remedies.values())
    return bool(part.agreed) and finished and part.answer_delivered


def to_carry_out(case: Case) -> Remedy | None:
    """The next promised remedy, in its offer's order; another's failure takes no promise back."""
    promised = (each for each in case.resolution.remedies.values() if each.state == "PROMISED")
    return next(promised, None)


def may_carry_out(case: Case) -> Remedy | None:
    """That remedy, unless the customer must confirm the restatement first."""
    return to_carry_out(case) if case.intake.confirmed else None


def is_carried_out(case: Case) -> bool:
    """Whether everything that was agreed has been started."""
    return bool(case.resolution.agreed) and to_carry_out(case) is None


def goes_on(case: Case) -> bool:
    """Whether the process has something to do or to time, beside what people must do first."""
    return bool(case.resolution.offer or may_carry_out(case)) or is_carried_out(case)


def follow_up_unsaid(case: Case) -> bool:
    """Whether the question was asked but not yet put into words for the customer."""
    return case.resolution.sent.get("FOLLOW_UP", 0) < case.followup.asked


def offer_due(case: Case) -> Due | None:
    """By when an offer should be made: the latest of what each service said about it."""
    said = (case.intake.offer, case.resolution.offer_again, case.followup.offer_again)
    return max((due for due in said if due), key=lambda due: due.by, default=None)


def stage(case: Case) -> str:
    """Where the case stands, in the contract's words."""
    if case.closed:
        return "closed"
    if not needs_resolution(case):
        return "follow_up"
    if case.routing.owner:
        return "resolution"
    return "routing" if case.routing.assignment or case.routing.nobody else "intake"


def waiting(case: Case) -> Waiting:
    """What the case waits for."""
    if case.closed:
        return Waiting("for nothing: the case is closed")
    if case.routing.owner is None:
        return _for_an_owner(case)
    if not needs_resolution(case):
        return _for_the_follow_up(case)
    return _for_a_resolution(case, case.routing.owner.public_name)


def beside(case: Case) -> Waiting | None:
    """What is waited for beside that: the story does not stop for a hand-over."""
    offered = case.routing.hand_over
    if offered is None or case.closed:
        return None
    words = f"for {offered.to_name} to accept the hand-over from {offered.from_name}"
    return Waiting(words, offered.back)


def due_first(case: Case) -> Due | None:
    """The deadline that comes first of all that is waited for."""
    waits = (waiting(case), beside(case))
    dues = [each.due for each in waits if each and each.due]
    return min(dues, key=lambda due: due.by, default=None)


def _for_an_owner(case: Case) -> Waiting:
    part = case.routing
    if part.asked:
        return Waiting(f"for {part.asked.public_name} to accept", part.asked.accept)
    if part.nobody:
        return Waiting("for somebody who can decide", part.nobody)
    return Waiting("for a decision-maker to be asked", case.intake.assign)


def _for_a_resolution(case: Case, owner: str) -> Waiting:
    part, intake = case.resolution, case.intake
    check = next_check(case)
    expires = part.offer.expires if part.offer else None
    understood = intake.confirmed or is_carried_out(case)
    steps = (
        (intake.restatement, f"for {owner} to restate the problem", case.routing.restate),
        (understood, "for the customer to confirm the restatement", intake.confirm),
        (not part.offer, "for the customer to answer the offer", expires),
        (part.agreed, f"for {owner} to make an offer", offer_due(case)),
        (not to_carry_out(case), "for the remedies to be carried out", part.carry_out),
        (part.answer_sent, f"for {owner} to send the answer", part.answer),
        (part.answer_delivered, "for the answer to be delivered", _first_delivery(case)),
        (not check, "for the replacement to arrive", check[1] if check else None),
    )
    waits = (Waiting(words, due) for done, words, due in steps if not done)
    return next(waits, Waiting("to be resolved"))


def _for_the_follow_up(case: Case) -> Waiting:
    part = case.followup
    if part.state == "SCHEDULED":
        return Waiting("to ask the customer whether it is solved", part.ask)
    if part.state == "ASKED":
        return Waiting("for the customer to say whether it is solved", part.answer)
    return Waiting("for the follow-up to be scheduled" if not part.id else "to be closed")


def next_check(
    case: Case, looked: Mapping[str, datetime] | None = None
) -> tuple[Remedy, Due] | None:
    """The remedy under way that is to be looked at first; `looked`: not before then, by remedy."""
    later = looked or {}
    found = [
        (each, Due(each.check.service, max(each.check.by, later.get(each.id, each.check.by)), ""))
        for each in case.resolution.remedies.values()
        if each.check and not each.final
    ]
    return min(found, key=lambda pair: pair[1].by, default=None)


def expected(case: Case) -> list[Expected]:
    """Everything that must happen by a time that stands in an event, and has not happened."""
    if case.closed:
        return []
    candidates = [*_expected_of_intake(case), *_expected_of_resolution(case)]
    return [
        Expected(kind, service, due, CLEARS_WHEN[kind])
        for kind, service, due in candidates
        if due is not None
    ]


def _expected_of_intake(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    intake, routing = case.intake, case.routing
    if not case.resolution.sent.get("ACKNOWLEDGEMENT"):
        yield ACKNOWLEDGEMENT_OVERDUE, names.INTAKE, intake.acknowledge
    if routing.assignment is None and routing.nobody is None:
        yield ASSIGNMENT_OVERDUE, names.INTAKE, intake.assign
    if not (routing.owner and needs_resolution(case)):
        return
    if not intake.restatement:
        yield RESTATEMENT_OVERDUE, names.INTAKE, routing.restate
    elif not intake.confirmed:
        yield CONFIRMATION_OVERDUE, names.INTAKE, intake.confirm


def _expected_of_resolution(case: Case) -> Iterator[tuple[str, str, Due | None]]:
    part = case.resolution
    if case.routing.owner and case.intake.confirmed and needs_resolution(case):
        if not (part.offer or part.agreed):
            yield OFFER_OVERDUE, names.RESOLUTION, offer_due(case)
        if to_carry_out(case):
            yield REMEDY_OVERDUE, names.RESOLUTION, part.carry_out
        if part.agreed and not part.answer_sent:
            yield ANSWER_OVERDUE, names.RESOLUTION, part.answer
    yield DELIVERY_OVERDUE, names.RESOLUTION, _first_delivery(case)


def _first_delivery(case: Case) -> Due | None:
    dues = [each.deliver for each in case.resolution.undelivered.values() if each.deliver]
    return min(dues, key=lambda due: due.by, default=None)


def until_words(due: Due, zone: str, today: datetime) -> str:
    """The moment in the customer's zone: "16:40 Sat", or with its date where that is not near."""
    local = due.by.astimezone(ZoneInfo(zone or "UTC"))
    near = (due.by - today).days < 6  # noqa: PLR2004 - a weekday names one day of the next six
    words = local.strftime("%H:%M %a" if near else "%H:%M %a %d %b")
    return words if zone else f"{words} UTC"
