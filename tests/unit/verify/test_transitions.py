"""I4: a case went through what a case can go through."""

from amends.eventstore.findings import Finding
from amends.verify.transitions import TransitionCheck
from tests.unit.verify.builders import Told, opened, refunded


def found(told: Told) -> list[Finding]:
    check = TransitionCheck()
    check.look(told.case)
    return list(check.checked().findings)


def test_a_whole_life_is_possible() -> None:
    assert found(refunded()) == []


def test_what_ends_twice_is_named() -> None:
    told = refunded().say("resolution", "RefundSucceeded", remedy_id="rem_1")
    [finding] = found(told)
    assert (finding.wrong.value, finding.about, finding.version) == ("IMPOSSIBLE", "rem_1", 7)
    assert finding.what == "RefundSucceeded of rem_1 after RemedyCompleted"


def test_an_answer_to_what_was_never_offered_is_named() -> None:
    [finding] = found(opened().say("resolution", "OfferAccepted", offer_id="off_9"))
    assert finding.what == "OfferAccepted of off_9 after nothing was said of it"


def test_an_event_of_a_later_release_is_named() -> None:
    told = opened()
    case = told.case
    said = case.said["intake"][0]
    object.__setattr__(said, "message", None)
    assert [one.what for one in found(told)] == [
        "EscalationOpened is no event of this release, or its bytes are not one"
    ]
