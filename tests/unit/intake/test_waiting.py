from datetime import timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as some

from amends.values.case import Stage
from services.intake.domain.advance import advance
from services.intake.domain.facts import Fact
from services.intake.domain.progress import HandOver, Owner, Progress
from services.intake.domain.waiting import Waiting, stage, waiting
from tests.unit.intake.builders import CALLED_AT, fact

IN_AN_HOUR = CALLED_AT + timedelta(hours=1)
IN_A_DAY = CALLED_AT + timedelta(days=1)

INTAKE = [
    fact("intake", "EscalationOpened", 1, assign_by=IN_AN_HOUR),
    fact("intake", "ProblemRestated", 2, restatement=1, confirm_by=IN_AN_HOUR),
    fact("intake", "ProblemConfirmed", 3, confirmed_at=CALLED_AT, offer_by=IN_AN_HOUR),
]
ASSIGNED = fact(
    "routing", "DecisionMakerAssigned", 1, public_name="Maya", accept_by=IN_AN_HOUR, hop=1
)
ACCEPTED = fact(
    "routing",
    "AssignmentAccepted",
    2,
    decision_maker_id="dm_maya",
    public_name="Maya",
    owner_subject="maya",
    accepted_at=CALLED_AT,
    restate_by=IN_AN_HOUR,
)
OFFERED = fact(
    "resolution",
    "OfferMade",
    1,
    offer_id="off_1",
    made_at=CALLED_AT + timedelta(minutes=10),
    expires_by=IN_A_DAY,
    remedies=({"kind": "REPLACEMENT", "remedy_id": "rem_1"},),
)
YES = fact(
    "resolution",
    "OfferAccepted",
    2,
    offer_id="off_1",
    remedy_ids=("rem_1",),
    carry_out_by=IN_AN_HOUR,
    answer_by=IN_A_DAY,
)


def told(*facts: Fact) -> Progress:
    return reduce(advance, facts, Progress())


def test_a_search_that_found_nobody_is_routing_and_waits_for_its_next_look() -> None:
    nobody = fact("routing", "NoDecisionMakerFound", retry_at=IN_AN_HOUR)
    progress = told(INTAKE[0], nobody)
    assert stage(progress) is Stage.ROUTING
    assert waiting(progress).until == IN_AN_HOUR


def test_an_assignment_that_lapsed_waits_for_another() -> None:
    expired = fact("routing", "AssignmentExpired", 2, decision_maker_id="dm_maya")
    again = fact(
        "routing", "DecisionMakerAssigned", 3, public_name="Ravi", accept_by=IN_A_DAY, hop=2
    )
    assert waiting(told(INTAKE[0], ASSIGNED, expired)).what == "for a decision-maker to be found"
    progress = told(INTAKE[0], ASSIGNED, expired, again)
    assert waiting(progress) == Waiting("for Ravi to accept", IN_A_DAY)
    assert progress.routed.hops == 2


def test_a_declined_offer_waits_for_the_next_one() -> None:
    declined = fact("resolution", "OfferDeclined", 2, offer_id="off_1", offer_by=IN_A_DAY)
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, declined)
    assert waiting(progress) == Waiting("for Maya to make an offer", IN_A_DAY)
    assert progress.made_right.offers[0].state == "declined"


def test_a_remedy_that_failed_waits_for_another_offer() -> None:
    failed = fact("resolution", "RemedyFailed", 3, remedy_id="rem_1", offer_by=IN_AN_HOUR)
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES, failed)
    assert waiting(progress) == Waiting("for Maya to make an offer", IN_AN_HOUR)


def test_what_is_due_first_is_waited_for() -> None:
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES)
    assert waiting(progress) == Waiting("for the remedies to be done", IN_AN_HOUR)
    done = fact("resolution", "RemedyCompleted", 3, remedy_id="rem_1")
    assert waiting(advance(progress, done)) == Waiting("for Maya to answer", IN_A_DAY)


def test_what_is_not_solved_goes_back_to_its_owner() -> None:
    resolved = fact("resolution", "EscalationResolved", 3, resolved_at=CALLED_AT)
    reopened = fact("followup", "EscalationReopened", reopened_at=IN_AN_HOUR, offer_by=IN_A_DAY)
    done = fact("resolution", "RemedyCompleted", 3, remedy_id="rem_1")
    answered = fact("resolution", "ResponseDelivered", 4, kind="ANSWER")
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES, done, answered, resolved)
    assert stage(progress) is Stage.FOLLOW_UP
    progress = advance(progress, reopened)
    assert stage(progress) is Stage.RESOLUTION
    assert waiting(progress) == Waiting("for Maya to make an offer", IN_A_DAY)


def test_a_closed_case_waits_for_nothing() -> None:
    closed = fact("followup", "EscalationClosed", closed_at=IN_A_DAY, outcome="HAPPY")
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, closed)
    assert (stage(progress), waiting(progress)) == (Stage.CLOSED, Waiting())
    assert progress.followed.outcome == "happy"


def test_alarms_of_two_services_stand_apart() -> None:
    ours, theirs = (
        fact(source, "AlarmRaised", kind="STUCK", since=None, clears_when="it goes on")
        for source in ("intake", "routing")
    )
    progress = told(ours, theirs, fact("intake", "AlarmCleared", 2, kind="STUCK"))
    assert [(alarm.source, alarm.kind) for alarm in progress.alarms] == [("routing", "STUCK")]


OFFERED_ON = fact(
    "routing",
    "HandOverOffered",
    3,
    from_decision_maker_id="dm_maya",
    from_public_name="Maya",
    to_decision_maker_id="dm_helen",
    to_public_name="Helen",
    return_by=IN_AN_HOUR,
)


def test_an_owner_who_offers_the_case_owns_it_until_it_is_taken_over() -> None:
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED_ON)
    assert progress.routed.owner is not None
    assert progress.routed.owner.subject == "maya"
    assert progress.routed.hand_over == HandOver(
        from_name="Maya", to_name="Helen", return_by=IN_AN_HOUR
    )
    returned = fact("routing", "HandOverReturned", 4, returned_by="CLOCK")
    assert advance(progress, returned) == told(*INTAKE, ASSIGNED, ACCEPTED)


def test_a_hand_over_changes_the_owner_and_no_deadline() -> None:
    taken = fact(
        "routing",
        "OwnershipHandedOver",
        4,
        decision_maker_id="dm_helen",
        public_name="Helen",
        owner_subject="helen",
        handed_over_at=IN_AN_HOUR,
    )
    progress = told(INTAKE[0], ASSIGNED, ACCEPTED, OFFERED_ON, taken)
    assert progress.routed.owner == Owner(
        decision_maker="dm_helen",
        name="Helen",
        subject="helen",
        since=IN_AN_HOUR,
        restate_by=IN_AN_HOUR,
    )
    assert waiting(progress) == Waiting("for Helen to restate the problem", IN_AN_HOUR)
    assert progress.routed.hand_over is None


@given(some.data())
def test_services_may_be_heard_in_any_order(data: some.DataObject) -> None:
    """Each service's facts in order, those of different services in any."""
    left = [list(INTAKE), [ASSIGNED, ACCEPTED], [OFFERED, YES]]
    heard = []
    while left := [facts for facts in left if facts]:
        heard.append(data.draw(some.sampled_from(left)).pop(0))
    progress = told(*heard)
    assert progress == told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES)


def test_a_remedy_that_is_under_way_stays_so_when_another_offer_is_accepted() -> None:
    sent = fact(
        "resolution", "RefundSubmitted", 3, remedy_id="rem_1", amount=None, expected_by=IN_A_DAY
    )
    instead = fact(
        "resolution",
        "OfferAccepted",
        5,
        offer_id="off_2",
        remedy_ids=("rem_2",),
        carry_out_by=IN_AN_HOUR,
        answer_by=None,
    )
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES, sent, instead)
    assert waiting(progress) == Waiting("for the remedies to be done", IN_AN_HOUR)
    done = fact("resolution", "RemedyCompleted", 6, remedy_id="rem_2")
    assert waiting(advance(progress, done)) == Waiting("for the refund to be credited", IN_A_DAY)


def test_a_remedy_that_was_taken_back_is_not_waited_for() -> None:
    taken_back = fact("resolution", "RemedyCompensated", 3, remedy_id="rem_1")
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, YES, taken_back)
    assert waiting(progress) == Waiting("for Maya to answer", IN_A_DAY)


def test_an_offer_that_was_taken_back_waits_for_the_next_one() -> None:
    withdrawn = fact("resolution", "OfferWithdrawn", 2, offer_id="off_1", offer_by=IN_A_DAY)
    progress = told(*INTAKE, ASSIGNED, ACCEPTED, OFFERED, withdrawn)
    assert waiting(progress) == Waiting("for Maya to make an offer", IN_A_DAY)
    assert progress.made_right.offers[0].state == "withdrawn"


def test_a_promise_that_is_due_first_is_waited_for_whatever_else_is_next() -> None:
    promise = fact(
        "resolution",
        "PromiseMade",
        1,
        promise_id="prm_1",
        maker="dm_maya",
        promised_at=CALLED_AT,
        due_by=CALLED_AT + timedelta(minutes=30),
        warn_by=None,
    )
    progress = told(INTAKE[0], ASSIGNED, ACCEPTED, promise)
    assert waiting(progress).what == "for Maya to keep a promise"
    kept = fact("resolution", "PromiseKept", 2, promise_id="prm_1", in_time=True)
    assert waiting(advance(progress, kept)).what == "for Maya to restate the problem"


def test_a_case_that_was_taken_over_is_owned_though_nobody_had_accepted_it() -> None:
    taken = fact(
        "routing",
        "OwnershipTaken",
        2,
        decision_maker_id="dm_helen",
        public_name="Helen",
        owner_subject="helen",
        taken_at=CALLED_AT,
        restate_by=IN_A_DAY,
    )
    progress = told(INTAKE[0], ASSIGNED, taken)
    assert stage(progress) is Stage.RESOLUTION
    assert waiting(progress) == Waiting("for Helen to restate the problem", IN_A_DAY)
    assert progress.routed.asked is None
