"""I4: what a case went through is what a case can go through.

Written down once more, apart from the domains: for each thing that has an id, which event may
follow which. That versions have no gap is shown by the chain.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.verify.cases import FOLLOW_UP, INTAKE, RESOLUTION, ROUTING, Case, Said
from amends.verify.report import Report, of_event

BEGIN = ""
"""Where nothing was said of it yet."""


@dataclass(frozen=True, slots=True)
class Life:
    """What may be said about one thing: by event, after which of its other events."""

    service: str
    id: str
    """The field that names it; empty for the case itself."""
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)


_WITH_CUSTOMER = ("OfferMade",)
_UNDER_WAY = ("ReplacementOrdered", "ReplacementShipped", "ReplacementDelayed")
_UNFINISHED = (BEGIN, "RemedyStarted", *_UNDER_WAY, "ReplacementDelivered", "RefundSubmitted")

LIVES = (
    Life(INTAKE, "", {"EscalationOpened": (BEGIN,)}),
    Life(
        ROUTING,
        "assignment_id",
        {
            "DecisionMakerAssigned": (BEGIN,),
            "AssignmentAccepted": ("DecisionMakerAssigned",),
            "AssignmentDeclined": ("DecisionMakerAssigned",),
            "AssignmentExpired": ("DecisionMakerAssigned",),
        },
    ),
    Life(
        ROUTING,
        "hand_over_id",
        {
            "HandOverOffered": (BEGIN,),
            "HandOverReturned": ("HandOverOffered",),
            "OwnershipHandedOver": ("HandOverOffered",),
        },
    ),
    Life(
        RESOLUTION,
        "offer_id",
        {
            "OfferDrafted": (BEGIN,),
            "OfferApproved": ("OfferDrafted",),
            "OfferRejected": ("OfferDrafted",),
            "OfferMade": (BEGIN, "OfferApproved"),
            "OfferAccepted": _WITH_CUSTOMER,
            "OfferCountered": _WITH_CUSTOMER,
            "OfferDeclined": _WITH_CUSTOMER,
            "OfferExpired": _WITH_CUSTOMER,
            "OfferWithdrawn": ("OfferMade", "OfferDrafted"),
        },
    ),
    Life(
        RESOLUTION,
        "remedy_id",
        {
            "RemedyStarted": (BEGIN,),
            "ReplacementOrdered": ("RemedyStarted",),
            "ReplacementShipped": ("ReplacementOrdered", "ReplacementDelayed"),
            "ReplacementDelayed": _UNDER_WAY,
            "ReplacementDelivered": _UNDER_WAY,
            "ReplacementFailed": _UNDER_WAY,
            "RefundSubmitted": ("RemedyStarted",),
            "RefundSucceeded": ("RefundSubmitted",),
            "RefundFailed": ("RefundSubmitted", "RefundSucceeded", "RemedyCompleted"),
            "CreditIssued": ("RemedyStarted",),
            "RemedyCompleted": ("ReplacementDelivered", "RefundSucceeded", "CreditIssued"),
            "RemedyFailed": (*_UNFINISHED, "RefundFailed", "ReplacementFailed"),
            "RemedyCompensated": (*_UNFINISHED, "RemedyCompleted"),
        },
    ),
    Life(
        RESOLUTION,
        "promise_id",
        {
            "PromiseMade": (BEGIN,),
            "PromiseBroken": ("PromiseMade",),
            "PromiseKept": ("PromiseMade", "PromiseBroken"),
        },
    ),
    Life(
        RESOLUTION,
        "response_id",
        {"ResponseSent": (BEGIN,), "ResponseDelivered": ("ResponseSent",)},
    ),
    Life(
        FOLLOW_UP,
        "follow_up_id",
        {
            "FollowUpScheduled": (BEGIN,),
            "FollowUpAsked": ("FollowUpScheduled",),
            "FollowUpAnswered": ("FollowUpScheduled", "FollowUpAsked"),
            "FollowUpMissed": ("FollowUpAsked",),
            "FollowUpCancelled": ("FollowUpScheduled", "FollowUpAsked"),
        },
    ),
    Life(
        FOLLOW_UP,
        "debrief_id",
        {"DebriefRequested": (BEGIN,), "DebriefRecorded": ("DebriefRequested",)},
    ),
    Life(
        FOLLOW_UP,
        "",
        {
            "EscalationClosed": (BEGIN, "EscalationReopened"),
            "EscalationReopened": (BEGIN, "EscalationClosed", "EscalationReopened"),
        },
    ),
    *(
        Life(service, "alarm_id", {"AlarmRaised": (BEGIN,), "AlarmCleared": ("AlarmRaised",)})
        for service in (INTAKE, ROUTING, RESOLUTION, FOLLOW_UP)
    ),
)


class TransitionCheck:
    """The check `transitions`."""

    name = "transitions"

    def __init__(self) -> None:
        self._report = Report(self.name)

    def before(self) -> None:
        """Needs nothing beside the logs."""

    def look(self, case: Case) -> None:
        """Goes through the life of everything in a case."""
        for service, said in case.said.items():
            self._report.count(service, "events", len(said))
            self._report.found(*_unreadable(case, said))
        self._report.count(INTAKE, "cases")
        self._report.found(*_of_case(case))

    def after(self, _again: Callable[[Sequence[str]], Iterable[Case]]) -> None:
        """A log does not change behind its end."""

    def stranger(self, service: str, stream: str) -> None:
        """A log speaks of a case that intake never opened."""
        what = "it speaks of a case that intake never opened"
        place = Place(service)
        self._report.found(Finding(place=place, wrong=Wrong.IMPOSSIBLE, what=what, stream=stream))

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()


def _of_case(case: Case) -> Iterator[Finding]:
    first = next(iter(case.said.get(INTAKE, ())), None)
    if first is not None and first.name != "EscalationOpened":
        yield of_event(Wrong.IMPOSSIBLE, case, first, f"{first.name} before the case was opened")
    for life in LIVES:
        yield from _of_life(life, case)


def _of_life(life: Life, case: Case) -> Iterator[Finding]:
    stands: dict[str, str] = {}
    said = case.said.get(life.service, ())
    for one in (one for one in said if one.name in life.after and one.message is not None):
        which = getattr(one.message, life.id) if life.id else case.id
        before = stands.get(which, BEGIN)
        if before not in life.after[one.name]:
            what = f"{one.name} of {which} after {before or 'nothing was said of it'}"
            yield of_event(Wrong.IMPOSSIBLE, case, one, what, which)
        stands[which] = one.name


def _unreadable(case: Case, said: Sequence[Said]) -> Iterator[Finding]:
    for one in said:
        if one.message is None:
            what = f"{one.name} is no event of this release, or its bytes are not one"
            yield of_event(Wrong.IMPOSSIBLE, case, one, what)
