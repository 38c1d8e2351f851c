from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.values.identity import (
    Actor,
    AssignmentId,
    DecisionMakerId,
    HandOverId,
    Role,
    Subject,
    Tenant,
)
from amends.values.personal import Personal
from amends.values.refusal import (
    EscalationClosed,
    EscalationNotFound,
    InvalidField,
    NotTheOwner,
)
from services.routing.domain import assignments, handing_over, ownership
from services.routing.domain.answering import AcceptAssignment
from services.routing.domain.answering import decide as answer
from services.routing.domain.assignment import AssignmentState
from services.routing.domain.assignments import Assignments, DecidedAlready, Known
from services.routing.domain.calendar import Calendar, WorkingHours
from services.routing.domain.directory import DecisionMakerKind, DecisionMakerNotFound
from services.routing.domain.hand_over import (
    Event,
    HandOverDecided,
    HandOverNotFound,
    HandOverOffered,
    HandOverOpen,
    HandOverReason,
    HandOverReturned,
    NotYourHandOver,
    OwnershipHandedOver,
    ReceiverNotAuthorised,
    ReceiverNotAvailable,
    ReturnedBy,
    ReturnNotDue,
)
from services.routing.domain.handing_over import AcceptHandOver, OfferHandOver, ReturnHandOver
from services.routing.domain.matching import Holder
from services.routing.domain.ownership import Ownership
from tests.unit.routing.people import (
    CASE,
    HELEN,
    KICK_OFF,
    MAYA,
    MINUTE,
    MONDAY,
    RAVI,
    SATURDAY,
    SHOES,
    SHOP,
    TOM,
    Story,
    away,
    busy,
    london,
)

CLOCK = Actor(Subject("workflow"), Tenant("shop"), Role.SERVICE)
TEAM = replace(
    MAYA,
    decision_maker=DecisionMakerId("dm_desk"),
    public_name="The desk",
    subjects=frozenset({Subject("ana"), Subject("ben")}),
)


def person(name: str) -> Actor:
    return Actor(Subject(name), Tenant("shop"), Role.DECISION_MAKER)


class Handing:
    """A case that Maya owns, and what was said about its ownership."""

    def __init__(self, *holders: Holder, owner: str = "maya") -> None:
        story = Story(*(holders or SHOP))
        story.route()
        story.accept(owner)
        self.asked = story.asked
        self.known = story.known
        self.now: datetime = SATURDAY
        self.assignments = story.state
        self.state = Ownership()
        self.offers = 0
        for event in story.events:
            self.state = ownership.evolve(self.state, event)

    def offer(self, to: str = "helen", by: str = "maya") -> Sequence[Event]:
        self.offers += 1
        return self._tell(
            OfferHandOver(
                escalation=CASE,
                hand_over=HandOverId(f"hov_{self.offers}"),
                to_decision_maker=DecisionMakerId(f"dm_{to}"),
                reason=HandOverReason.END_OF_SHIFT,
                note=Personal("She was told to expect a call at five."),
                by=Subject(by),
                at=self.now,
            )
        )

    def accept(self, by: str = "helen", which: int = 0) -> Sequence[Event]:
        return self._tell(AcceptHandOver(CASE, self._id(which), Subject(by), self.now))

    def give_back(self, by: str | Actor = "helen", which: int = 0) -> Sequence[Event]:
        who = person(by) if isinstance(by, str) else by
        return self._tell(ReturnHandOver(CASE, self._id(which), who, self.now))

    @property
    def owner(self) -> str:
        assert self.state.owner is not None
        return self.state.owner.subject

    def _id(self, which: int) -> HandOverId:
        return HandOverId(f"hov_{which or self.offers}")

    def _tell(self, command: handing_over.Command) -> Sequence[Event]:
        events = handing_over.decide(self.state, command, self.known)
        for event in events:
            self.state = ownership.evolve(self.state, event)
            self.assignments = assignments.evolve(self.assignments, event)
        return events


def test_the_owner_offers_the_case_and_stays_its_owner_until_it_is_accepted() -> None:
    story = Handing()
    [offered] = story.offer()
    assert isinstance(offered, HandOverOffered)
    assert (offered.from_public_name, offered.to_public_name) == ("Maya", "Helen")
    assert offered.return_by == SATURDAY + 30 * MINUTE
    assert [need.action.name for need in offered.needs] == ["RESHIP", "EXPEDITED_SHIPPING"]
    assert story.owner == "maya"


def test_who_accepts_is_the_one_owner_from_then_on() -> None:
    story = Handing()
    story.offer()
    [handed_over] = story.accept()
    assert isinstance(handed_over, OwnershipHandedOver)
    assert (handed_over.owner_subject, handed_over.public_name) == ("helen", "Helen")
    assert handed_over.from_public_name == "Maya"
    assert story.owner == "helen"
    assert story.state.open is None


def test_it_is_said_whether_the_next_owner_is_a_partner() -> None:
    for kind in DecisionMakerKind:
        story = Handing(MAYA, replace(HELEN, kind=kind))
        story.offer()
        [handed_over] = story.accept()
        assert isinstance(handed_over, OwnershipHandedOver)
        assert handed_over.partner is (kind is DecisionMakerKind.PARTNER)


def test_only_the_owner_offers_the_case() -> None:
    with pytest.raises(NotTheOwner, match="owned by Maya"):
        Handing().offer(by="helen", to="maya")
    story = Handing()
    story.offer()
    story.accept()
    with pytest.raises(NotTheOwner, match="owned by Helen"):
        story.offer(to="ravi")


def test_a_case_that_nobody_owns_or_told_of_cannot_be_offered() -> None:
    story = Handing()
    story.state = Ownership()
    with pytest.raises(NotTheOwner, match="nobody yet"):
        story.offer()
    story.known = Known(None, SHOP)
    with pytest.raises(EscalationNotFound):
        story.offer()


def test_one_hand_over_is_open_at_a_time() -> None:
    story = Handing(TOM, MAYA, replace(RAVI, available=True), HELEN)
    story.offer()
    with pytest.raises(HandOverOpen, match="Helen may accept hand-over hov_1 until") as refused:
        story.offer(to="ravi")
    assert refused.value.metadata["hand_over_id"] == "hov_1"
    story.give_back("maya", which=1)
    assert len(story.offer(to="ravi")) == 1


def test_a_holder_who_could_not_decide_it_is_not_offered_it() -> None:
    with pytest.raises(ReceiverNotAuthorised) as refused:
        Handing().offer(to="tom")
    assert refused.value.message.startswith(
        "Tom may authorise reship up to 60.00 GBP, 64.90 GBP is needed; "
        "may not authorise expedited shipping; offer the case to a holder"
    )
    assert refused.value.metadata["lacking"] == "RESHIP, EXPEDITED_SHIPPING"


def test_a_holder_who_is_away_or_full_is_not_offered_it() -> None:
    with pytest.raises(ReceiverNotAvailable, match="Ravi is away until Mon 23 Nov") as refused:
        Handing(MAYA, away(RAVI, MONDAY)).offer(to="ravi")
    assert refused.value.metadata["why"] == "AWAY"
    with pytest.raises(ReceiverNotAvailable, match="Helen has 3 open cases and takes 3"):
        Handing(MAYA, busy(HELEN)).offer()


def test_the_next_shift_is_offered_it_and_has_its_own_hours_to_accept() -> None:
    evening = Calendar("Europe/London", (WorkingHours(6, 17 * 60, 22 * 60),))
    [offered] = Handing(MAYA, replace(HELEN, calendar=evening)).offer()
    assert isinstance(offered, HandOverOffered)
    assert offered.return_by == london("2026-11-21T17:30")


def test_nobody_may_take_longer_than_it_is_needed_by() -> None:
    mondays = Calendar("Europe/London", (WorkingHours(1, 9 * 60, 17 * 60),))
    [offered] = Handing(MAYA, replace(HELEN, calendar=mondays)).offer()
    assert isinstance(offered, HandOverOffered)
    assert offered.return_by == KICK_OFF.by


def test_a_case_is_not_offered_to_its_owner_or_to_nobody() -> None:
    with pytest.raises(InvalidField, match="must be somebody else"):
        Handing().offer(to="maya")
    with pytest.raises(DecisionMakerNotFound, match="dm_nobody"):
        Handing().offer(to="nobody")


def test_a_member_hands_over_to_a_colleague_of_the_same_full_team() -> None:
    story = Handing(TEAM, owner="ana")
    story.known = Known(SHOES, (busy(TEAM),))
    story.offer(to="desk", by="ana")
    with pytest.raises(NotYourHandOver):
        story.accept("ana")
    story.accept("ben")
    assert story.owner == "ben"


def test_only_the_receiver_accepts_and_only_receiver_and_owner_return() -> None:
    story = Handing()
    story.offer()
    for act in (story.accept, story.give_back):
        with pytest.raises(NotYourHandOver, match="is Helen's to accept"):
            act("tom")
    with pytest.raises(NotYourHandOver):
        story.accept("maya")


def test_accepting_twice_is_one_acceptance_while_the_case_is_ones_own() -> None:
    story = Handing()
    story.offer()
    story.accept()
    assert story.accept() == ()
    story.offer(to="maya", by="helen")
    story.accept("maya")
    with pytest.raises(HandOverDecided, match=r"stands accepted since .* and Maya owns the case"):
        story.accept("helen", which=1)


@pytest.mark.parametrize(
    ("by", "said"),
    [("helen", ReturnedBy.RECEIVER), ("maya", ReturnedBy.OWNER), (CLOCK, ReturnedBy.CLOCK)],
)
def test_what_is_not_accepted_returns_to_its_owner(by: str | Actor, said: ReturnedBy) -> None:
    story = Handing()
    story.offer()
    story.now += 30 * MINUTE
    [returned] = story.give_back(by)
    assert isinstance(returned, HandOverReturned)
    assert returned.returned_by is said
    assert story.owner == "maya"
    assert story.state.open is None
    with pytest.raises(HandOverDecided, match=r"stands returned since .* and Maya owns the case"):
        story.accept()


def test_whoever_ends_it_first_it_is_ended_once() -> None:
    story = Handing()
    story.offer()
    story.give_back("helen")
    assert story.give_back("maya") == ()
    assert story.give_back(CLOCK) == ()


def test_the_clock_that_comes_too_early_is_refused_and_one_that_lost_is_told_what_stands() -> None:
    story = Handing()
    story.offer()
    with pytest.raises(ReturnNotDue, match="come back then"):
        story.give_back(CLOCK)
    story.accept()
    assert story.give_back(CLOCK) == ()
    assert story.owner == "helen"


def test_what_was_accepted_is_not_returned_by_people() -> None:
    story = Handing()
    story.offer()
    story.accept()
    for who in ("helen", "maya"):
        with pytest.raises(HandOverDecided, match=r"stands accepted since .* and Helen owns"):
            story.give_back(who)


def test_accepting_late_is_fine_while_it_did_not_return() -> None:
    story = Handing()
    story.offer()
    story.now += timedelta(hours=2)
    assert len(story.accept()) == 1


def test_a_case_that_is_over_is_not_handed_over_but_an_open_offer_returns() -> None:
    story = Handing()
    story.offer()
    story.known = Known(replace(SHOES, over=True), SHOP)
    with pytest.raises(EscalationClosed):
        story.accept()
    story.now += 30 * MINUTE
    assert len(story.give_back(CLOCK)) == 1
    with pytest.raises(EscalationClosed):
        story.offer()


def test_a_hand_over_that_never_was_is_refused() -> None:
    story = Handing()
    with pytest.raises(HandOverNotFound, match="hov_9"):
        story.accept(which=9)
    with pytest.raises(HandOverNotFound, match="hov_9"):
        story.give_back(CLOCK, which=9)


def test_who_handed_over_no_longer_holds_what_they_once_accepted() -> None:
    story = Handing()
    story.offer()
    story.accept()
    again = AcceptAssignment(CASE, story.asked, Subject("maya"), story.now)
    with pytest.raises(DecidedAlready, match="stands handed over since"):
        answer(story.assignments, again, story.known)


def test_assignments_that_lapsed_before_stay_lapsed() -> None:
    story = Story()
    story.route()
    first = story.asked
    story.lapse()
    story.route(replaces=first)
    story.accept("helen")
    state = assignments.evolve(story.state, _handed_over_to_maya())
    assert _states(state) == {first: "EXPIRED", story.asked: "HANDED_OVER"}


def _handed_over_to_maya() -> OwnershipHandedOver:
    return OwnershipHandedOver(
        escalation=CASE,
        hand_over=HandOverId("hov_1"),
        from_decision_maker=HELEN.decision_maker,
        from_public_name="Helen",
        decision_maker=MAYA.decision_maker,
        public_name="Maya",
        owner_subject=Subject("maya"),
        handed_over_at=SATURDAY,
    )


def _states(state: Assignments) -> dict[AssignmentId, str]:
    return {which: AssignmentState(one.state).name for which, one in state.by_id.items()}
