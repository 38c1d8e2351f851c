from datetime import timedelta

from services.routing.domain.assignment import AssignmentState
from services.routing.domain.urgency import urgency
from tests.unit.routing.people import KICK_OFF, MINUTE, SATURDAY

ACCEPT_BY = SATURDAY + 15 * MINUTE


def said(state: AssignmentState, after: timedelta = timedelta()) -> str:
    return urgency(state, KICK_OFF, ACCEPT_BY, "Europe/London", SATURDAY + after)


def test_it_says_what_is_needed_when_and_what_must_be_accepted_when() -> None:
    assert said(AssignmentState.OFFERED) == (
        "needed by Sun 22 Nov 10:00, in 18 h 50 min; to be accepted by 15:25, in 15 min"
    )
    assert said(AssignmentState.ACCEPTED) == "needed by Sun 22 Nov 10:00, in 18 h 50 min; accepted"


def test_it_says_what_is_late() -> None:
    assert said(AssignmentState.OFFERED, timedelta(days=1)) == (
        "was needed by Sun 22 Nov 10:00, 5 h 10 min ago; should have been accepted by 15:25"
    )


def test_it_says_where_no_date_was_named() -> None:
    words = urgency(AssignmentState.EXPIRED, None, ACCEPT_BY, "UTC", SATURDAY)
    assert words == "no date was named; expired"
