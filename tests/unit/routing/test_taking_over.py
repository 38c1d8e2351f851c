from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.values.alarm import AlarmCleared
from amends.values.authority import Limit
from amends.values.identity import (
    Actor,
    AlarmId,
    AssignmentId,
    DecisionMakerId,
    HandOverId,
    Role,
    Subject,
    Tenant,
)
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.refusal import (
    EscalationClosed,
    EscalationNotFound,
    InvalidField,
    NotTheOwner,
)
from amends.values.remedy import Action
from services.routing.domain import assigning, handing_over, taking_over
from services.routing.domain.answering import AcceptAssignment
from services.routing.domain.answering import decide as answer
from services.routing.domain.assigning import RouteEscalation, UnblockRouting
from services.routing.domain.assignment import AssignmentState
from services.routing.domain.assignments import DecidedAlready, Known
from services.routing.domain.directory import DecisionMakerKind, DecisionMakerNotFound
from services.routing.domain.hand_over import (
    HandOverDecided,
    HandOverReason,
    HandOverState,
    ReceiverNotAuthorised,
)
from services.routing.domain.handing_over import AcceptHandOver, OfferHandOver
from services.routing.domain.matching import Holder
from services.routing.domain.take_over import (
    AlreadyTheOwner,
    EscalationDeescalated,
    NotLessSenior,
    OwnershipTaken,
    ReceiverCurrencyNotGranted,
    TakeOverReason,
)
from services.routing.domain.taking_over import Deescalate, Event, Standing, TakeOver
from tests.unit.routing.people import (
    CASE,
    HELEN,
    MAYA,
    SATURDAY,
    SHOES,
    SHOP,
    TOM,
    Story,
    away,
    busy,
    limits,
)

TEAM = replace(
    HELEN,
    decision_maker=DecisionMakerId("dm_desk"),
    public_name="The desk",
    kind=DecisionMakerKind.TEAM,
    subjects=frozenset({Subject("ana"), Subject("ben")}),
)
EUROS = replace(
    HELEN,
    decision_maker=DecisionMakerId("dm_emil"),
    public_name="Emil",
    subjects=frozenset({Subject("emil")}),
    limits=tuple(Limit(action, Money("EUR", 100_000)) for action in Action),
)
OPERATIONS = Actor(Subject("ops"), Tenant("shop"), Role.OPERATIONS)


def person(name: str) -> Actor:
    return Actor(Subject(name), Tenant("shop"), Role.DECISION_MAKER)


class Given:
    """A case as its story left it, and who it is given to."""

    def __init__(self, story: Story) -> None:
        self.known: Known = story.known
        self.now: datetime = SATURDAY
        self.state = Standing()
        for event in story.events:
            self.state = taking_over.evolve(self.state, event)

    def take(self, to: str) -> Sequence[Event]:
        return self._tell(
            TakeOver(
                escalation=CASE,
                assignment=AssignmentId("asg_taken"),
                to_decision_maker=DecisionMakerId(f"dm_{to}"),
                reason=TakeOverReason.OVERDUE,
                note=Personal("She called twice."),
                at=self.now,
            )
        )

    def deescalate(self, to: str, by: Actor) -> Sequence[Event]:
        return self._tell(
            Deescalate(
                escalation=CASE,
                assignment=AssignmentId("asg_less"),
                to_decision_maker=DecisionMakerId(f"dm_{to}"),
                reason=TakeOverReason.NO_LONGER_NEEDED,
                note=None,
                by=by,
                at=self.now,
            )
        )

    def say(self, *events: object) -> None:
        for event in events:
            self.state = taking_over.evolve(self.state, event)

    @property
    def owner(self) -> str:
        owner = self.state.ownership.owner
        return owner.subject if owner else ""

    def _tell(self, command: taking_over.Command) -> Sequence[Event]:
        events = taking_over.decide(self.state, command, self.known)
        self.say(*events)
        return events


def asked(*holders: Holder) -> Given:
    story = Story(*holders)
    story.route()
    return Given(story)


def owned(*holders: Holder, by: str = "maya") -> Given:
    story = Story(*holders)
    story.route()
    story.accept(by)
    return Given(story)


def helens() -> Given:
    given = owned()
    given.take("helen")
    return given


def test_whoever_is_given_the_case_is_its_one_owner_at_once() -> None:
    given = owned()
    [taken] = given.take("helen")
    assert isinstance(taken, OwnershipTaken)
    assert (taken.from_public_name, taken.public_name) == ("Maya", "Helen")
    assert taken.restate_by == SATURDAY + timedelta(minutes=30)
    assert given.owner == "helen"
    states = [one.state for one in given.state.assignments.by_id.values()]
    assert states == [AssignmentState.TAKEN_OVER, AssignmentState.ACCEPTED]


def test_operations_give_it_to_who_is_away_or_full_too() -> None:
    given = owned(TOM, MAYA, away(busy(HELEN)))
    assert len(given.take("helen")) == 1


def test_an_assignment_that_waits_ends_with_it() -> None:
    given = asked()
    which = next(iter(given.state.assignments.by_id))
    [taken] = given.take("helen")
    assert isinstance(taken, OwnershipTaken)
    assert (taken.from_decision_maker, taken.from_public_name) == ("", "")
    late = AcceptAssignment(CASE, which, Subject("maya"), given.now)
    with pytest.raises(DecidedAlready, match="stands taken over since"):
        answer(given.state.assignments, late, given.known)
    again = RouteEscalation(CASE, which, AssignmentId("asg_9"), AlarmId("alm_9"), given.now)
    assert assigning.decide(given.state.assignments, again, given.known) == ()


def test_a_case_that_nobody_could_be_found_for_waits_no_longer_and_its_alarm_clears() -> None:
    story = Story(TOM, away(MAYA), away(HELEN))
    story.route()
    given = Given(story)
    taken, cleared = given.take("helen")
    assert isinstance(taken, OwnershipTaken)
    assert cleared == AlarmCleared(AlarmId("alm_0"), "NO_DECISION_MAKER", SATURDAY)
    waits = UnblockRouting(CASE, DecisionMakerId("dm_maya"))
    assert assigning.decide(given.state.assignments, waits, given.known) == ()
    assert len(given.take("maya")) == 1


def test_a_hand_over_that_waits_ends_with_it() -> None:
    given = owned(*SHOP)
    offer = OfferHandOver(
        escalation=CASE,
        hand_over=HandOverId("hov_1"),
        to_decision_maker=DecisionMakerId("dm_helen"),
        reason=HandOverReason.WORKLOAD,
        note=Personal(""),
        by=Subject("maya"),
        at=given.now,
    )
    given.say(*handing_over.decide(given.state.ownership, offer, given.known))
    given.take("ravi")
    assert given.state.ownership.open is None
    [ended] = given.state.ownership.by_id.values()
    assert ended.state is HandOverState.RETURNED
    late = AcceptHandOver(CASE, HandOverId("hov_1"), Subject("helen"), given.now)
    with pytest.raises(HandOverDecided, match="Ravi owns the case"):
        handing_over.decide(given.state.ownership, late, given.known)


def test_the_owner_is_not_given_their_own_case() -> None:
    with pytest.raises(AlreadyTheOwner, match="Maya owns escalation esc_1 already"):
        owned().take("maya")
    given = owned(*SHOP, replace(TEAM, subjects=frozenset({Subject("maya")})))
    with pytest.raises(InvalidField, match="must be a person"):
        given.take("desk")


def test_a_member_who_owns_it_for_their_team_is_not_given_it_again() -> None:
    ana = replace(
        HELEN, decision_maker=DecisionMakerId("dm_ana"), subjects=frozenset({Subject("ana")})
    )
    desk = replace(TEAM, seniority=1)
    with pytest.raises(AlreadyTheOwner):
        owned(desk, ana, by="ana").take("ana")


def test_only_a_person_whose_authority_covers_it_is_given_a_case() -> None:
    given = owned(*SHOP, TEAM, EUROS)
    with pytest.raises(DecisionMakerNotFound):
        given.take("nobody")
    with pytest.raises(InvalidField, match="must be a person"):
        given.take("desk")
    with pytest.raises(ReceiverNotAuthorised, match=r"Tom may authorise reship up to 60\.00 GBP"):
        given.take("tom")
    with pytest.raises(ReceiverCurrencyNotGranted, match=r"Emil .* 64\.90 GBP is needed"):
        given.take("emil")


def test_a_case_that_is_over_or_unknown_is_given_to_nobody() -> None:
    given = owned()
    given.known = Known(replace(SHOES, over=True), given.known.holders)
    with pytest.raises(EscalationClosed):
        given.take("helen")
    given.known = Known(None, given.known.holders)
    with pytest.raises(EscalationNotFound):
        given.take("helen")


def test_the_owner_or_operations_give_it_to_somebody_less_senior() -> None:
    for who in (person("helen"), OPERATIONS):
        given = helens()
        [less] = given.deescalate("maya", who)
        assert isinstance(less, EscalationDeescalated)
        assert (less.from_public_name, less.public_name) == ("Helen", "Maya")
        assert given.owner == "maya"


def test_nobody_else_deescalates() -> None:
    with pytest.raises(NotTheOwner, match="owned by Helen"):
        helens().deescalate("maya", person("maya"))
    with pytest.raises(NotTheOwner, match="nobody yet"):
        asked().deescalate("tom", OPERATIONS)


def test_a_case_is_deescalated_only_to_somebody_less_senior() -> None:
    with pytest.raises(NotLessSenior, match="Helen has seniority 3 and Maya, who owns the case, 2"):
        owned().deescalate("helen", OPERATIONS)
    with pytest.raises(NotLessSenior):
        owned().deescalate("ravi", person("maya"))


def test_whoever_is_less_senior_must_be_able_to_decide_it_too() -> None:
    with pytest.raises(ReceiverNotAuthorised, match="Tom"):
        owned().deescalate("tom", person("maya"))
    able = replace(TOM, limits=limits(reship="100", expedited_shipping="10"))
    story = Given(Story(able, MAYA))
    story.take("maya")
    assert len(story.deescalate("tom", person("maya"))) == 1
