"""I3: what had to happen by a time happened by then, or its lapse was recorded, or an alarm stood.

Written down once more, apart from the workflow that keeps them: for each deadline that an event
names, what ends it and which alarm says that it was missed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.eventstore.findings import Checked, Finding, Wrong
from amends.v1 import resolution_events_pb2
from amends.verify.cases import INTAKE, Case, Said
from amends.verify.report import Report, of_event

GRACE = timedelta(seconds=120)
"""What a stopped Temporal or worker may cost a deadline before it counts as missed in silence."""

_ASKED = ("DecisionMakerAssigned", "NoDecisionMakerFound")
_TAKEN = ("OwnershipTaken", "EscalationDeescalated")
_OFFERED = ("OfferMade", "OfferDrafted")
_NOT_CONFIRMED = ("CONFIRMATION_OVERDUE", "PROBLEM_NOT_CONFIRMED")
_STUCK = "UNEXPECTED_REFUSAL"
_OVER = ("EscalationResolved", "EscalationClosed")
_ACKNOWLEDGEMENT = resolution_events_pb2.RESPONSE_KIND_ACKNOWLEDGEMENT
_ANSWER = resolution_events_pb2.RESPONSE_KIND_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One deadline: the field of some events, what ends it, and who says that it was missed.

    `id` is the field that both name; `ever`: what ends it may have come before; `clock`: what ends
    it records the lapse itself, however late.
    """

    events: tuple[str, ...]
    field: str
    ends: tuple[str, ...]
    id: str = ""
    alarms: tuple[str, ...] = ()
    ever: bool = False
    clock: bool = False
    kind: int = 0
    """Of a response that ends it."""
    each: str = ""
    """A field of many ids, for each of which there must be an end."""


RULES = (
    Rule(
        events=("EscalationOpened",),
        field="acknowledge_by",
        ends=("ResponseSent",),
        kind=_ACKNOWLEDGEMENT,
        alarms=("ACKNOWLEDGEMENT_OVERDUE",),
    ),
    Rule(
        events=("EscalationOpened",),
        field="assign_by",
        ends=(*_ASKED, *_TAKEN),
        alarms=("ASSIGNMENT_OVERDUE",),
    ),
    Rule(
        events=("DecisionMakerAssigned",),
        field="accept_by",
        id="assignment_id",
        ends=("AssignmentAccepted", "AssignmentDeclined", "AssignmentExpired", *_ASKED, *_TAKEN),
        clock=True,
    ),
    Rule(
        events=("NoDecisionMakerFound",),
        field="retry_at",
        ends=(*_ASKED, *_TAKEN, "RoutingUnblocked"),
        alarms=("NO_DECISION_MAKER",),
        clock=True,
    ),
    Rule(
        events=("HandOverOffered",),
        field="return_by",
        id="hand_over_id",
        ends=("HandOverReturned", "OwnershipHandedOver", *_TAKEN),
        clock=True,
    ),
    Rule(
        events=("AssignmentAccepted", "OwnershipTaken"),
        field="restate_by",
        ends=("ProblemRestated",),
        alarms=("RESTATEMENT_OVERDUE",),
        ever=True,
    ),
    Rule(
        events=("ProblemRestated",),
        field="confirm_by",
        ends=("ProblemConfirmed", "ProblemRestated"),
        alarms=_NOT_CONFIRMED,
    ),
    Rule(
        events=("ProblemConfirmed",),
        field="offer_by",
        ends=(*_OFFERED, "ProblemRestated"),
        alarms=("OFFER_OVERDUE",),
        ever=True,
    ),
    Rule(
        events=(
            "OfferCountered",
            "OfferDeclined",
            "OfferExpired",
            "OfferRejected",
            "OfferWithdrawn",
            "RemedyFailed",
            "EscalationReopened",
        ),
        field="offer_by",
        ends=(*_OFFERED, "ProblemRestated"),
        alarms=("OFFER_OVERDUE", *_NOT_CONFIRMED),
    ),
    Rule(
        events=("OfferMade",),
        field="expires_by",
        id="offer_id",
        ends=(
            "OfferAccepted",
            "OfferCountered",
            "OfferDeclined",
            "OfferExpired",
            "OfferWithdrawn",
        ),
        clock=True,
    ),
    Rule(
        events=("OfferDrafted",),
        field="approve_by",
        id="offer_id",
        ends=("OfferApproved", "OfferRejected", "OfferWithdrawn"),
        alarms=("APPROVAL_OVERDUE",),
    ),
    Rule(
        events=("OfferAccepted",),
        field="carry_out_by",
        each="remedy_ids",
        id="remedy_id",
        ends=("RemedyStarted", "RemedyFailed", "RemedyCompensated"),
        alarms=("REMEDY_OVERDUE", *_NOT_CONFIRMED),
    ),
    Rule(
        events=("OfferAccepted",),
        field="answer_by",
        ends=("ResponseSent", "RemedyFailed", "OfferAccepted"),
        kind=_ANSWER,
        alarms=("ANSWER_OVERDUE",),
    ),
    Rule(
        events=("RefundSubmitted",),
        field="expected_by",
        id="remedy_id",
        ends=("RefundSucceeded", "RefundFailed"),
        alarms=("REFUND_OVERDUE",),
    ),
    Rule(
        events=("PromiseMade",),
        field="warn_by",
        id="promise_id",
        ends=("PromiseKept",),
        alarms=("PROMISE_AT_RISK", "PROMISE_BROKEN"),
    ),
    Rule(
        events=("PromiseMade",),
        field="due_by",
        id="promise_id",
        ends=("PromiseKept", "PromiseBroken"),
        clock=True,
    ),
    Rule(
        events=("ResponseSent",),
        field="deliver_by",
        id="response_id",
        ends=("ResponseDelivered",),
        alarms=("DELIVERY_OVERDUE",),
    ),
    Rule(
        events=("FollowUpScheduled",),
        field="ask_by",
        id="follow_up_id",
        ends=("FollowUpAsked", "FollowUpAnswered", "FollowUpCancelled"),
        clock=True,
    ),
    Rule(
        events=("FollowUpAsked",),
        field="answer_by",
        id="follow_up_id",
        ends=("FollowUpAnswered", "FollowUpMissed", "FollowUpCancelled"),
        clock=True,
    ),
)


class DeadlineCheck:
    """The check `deadlines`; `now` is business time."""

    name = "deadlines"

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._ask = now
        self._now: datetime | None = None
        self._odd: list[str] = []
        self._report = Report(self.name)

    def before(self) -> None:
        """What was due before the logs are read is what counts."""
        self._now = self._ask()

    def look(self, case: Case) -> None:
        """Every deadline of a case."""
        passed = list(_passed(case, self._now or self._ask()))
        self._report.count(INTAKE, "cases")
        self._report.count("all services", "deadlines that have passed", len(passed))
        if any(_silent(case, self._now or self._ask())):
            self._odd.append(str(case.stream))

    def after(self, again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """What seemed silent may only have been unheard."""
        for case in again(self._odd):
            self._report.found(*_silent(case, self._now or self._ask()))

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()


def _passed(case: Case, now: datetime) -> Iterator[tuple[Rule, tuple[Said, datetime]]]:
    """Every deadline that counts: it has passed, and the case was not over before."""
    for rule in RULES:
        for said in case.all(*rule.events):
            due = said.moment(rule.field)
            if due is not None and due + GRACE < now and not _over(case, said, due):
                yield rule, (said, due)


def _silent(case: Case, now: datetime) -> Iterator[Finding]:
    for rule, (said, due) in _passed(case, now):
        for which in _things(rule, said):
            end = min((one.at for one in _ends(case, rule, said, which)), default=None)
            if end is not None and (rule.clock or end <= due + GRACE):
                continue
            if _alarmed(case, rule, said, due):
                continue
            wrong = Wrong.SILENT if end is None else Wrong.MISSED
            ended = "nothing came of it" if end is None else f"it ended {_told(end)}"
            what = f"{rule.field} was {_told(due)}, {ended}, and no alarm was raised"
            yield of_event(wrong, case, said, what, which or rule.field)


def _things(rule: Rule, said: Said) -> Sequence[str]:
    """What must end: what the event names, or the case itself."""
    if rule.each:
        return list(getattr(said.message, rule.each))
    return [getattr(said.message, rule.id)] if rule.id else [""]


def _ends(case: Case, rule: Rule, said: Said, which: str) -> Iterator[Said]:
    for one in case.all(*rule.ends):
        if one.name == said.name and one.version <= said.version:
            continue
        if _is_of_another(one, rule, which):
            continue
        if rule.ever or one.at >= said.at:
            yield one


def _is_of_another(one: Said, rule: Rule, which: str) -> bool:
    if rule.kind and one.name == "ResponseSent":
        return bool(one.message.kind != rule.kind)
    if not rule.id or one.name in {*_ASKED, *_TAKEN}:
        return False
    return bool(getattr(one.message, rule.id) != which)


def _alarmed(case: Case, rule: Rule, said: Said, due: datetime) -> bool:
    """Whether an alarm was raised for it, or one of its kind stood already."""
    ended = {one.message.alarm_id: one.at for one in case.all("AlarmCleared")}
    for one in case.all("AlarmRaised"):
        if one.message.kind not in {*rule.alarms, _STUCK}:
            continue
        if one.at >= said.at or ended.get(one.message.alarm_id, due) >= due:
            return True
    return False


def _over(case: Case, said: Said, due: datetime) -> bool:
    """The case was resolved or closed before it was due, or nothing is owed any more."""
    if said.name == "RemedyFailed" and _is_replaced(case, said):
        return True
    if _goes_on_after(said):
        return any(said.at <= one.at <= due + GRACE for one in case.all("EscalationClosed"))
    return any(said.at <= one.at <= due + GRACE for one in case.all(*_OVER))


def _goes_on_after(said: Said) -> bool:
    """What goes on after the case was resolved."""
    return said.name.startswith(("FollowUp", "Promise", "Refund", "Response"))


def _is_replaced(case: Case, failed: Said) -> bool:
    """The customer accepted something else in its place."""
    accepted = {id_ for one in case.all("OfferAccepted") for id_ in one.message.remedy_ids}
    return any(
        remedy.in_place_of == failed.message.remedy_id and remedy.remedy_id in accepted
        for offer in case.all("OfferMade")
        for remedy in offer.message.remedies
    )


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
