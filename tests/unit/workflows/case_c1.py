"""The news of the football shoes, as the four services say them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.folding import fold
from workflows.messages import News
from workflows.state import Case

SATURDAY = datetime(2026, 11, 28, 15, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def news(service: str, version: int, event: str, **facts: Any) -> News:  # noqa: ANN401 - any fact
    """An event; times among the facts are minutes after the Saturday's call."""
    told = {name: _text(name, value) for name, value in facts.items()}
    return News(service, version, event, f"{service}-{version}", told)


def after(minutes: int) -> datetime:
    return SATURDAY + minutes * MINUTE


def folded(*said: News) -> Case:
    return folded_on(Case(), said)


def folded_on(case: Case, said: Iterable[News]) -> Case:
    for each in said:
        case = fold(case, each)
    return case


def _text(name: str, value: object) -> object:
    is_time = name.endswith(("_by", "_at")) and isinstance(value, int)
    return after(value).isoformat() if is_time and isinstance(value, int) else value


OPENED = news(
    "intake",
    1,
    "EscalationOpened",
    channel="PHONE",
    cause="DAMAGED",
    priority=1,
    zone="Europe/London",
    acknowledge_by=5,
    assign_by=15,
)
RESTATED = news("intake", 3, "ProblemRestated", restatement=1, confirm_by=40)
CONFIRMED = news("intake", 4, "ProblemConfirmed", restatement=1, offer_by=130)
ASSIGNED = news(
    "routing",
    1,
    "DecisionMakerAssigned",
    assignment_id="asg_1",
    decision_maker_id="dm_maya",
    public_name="Maya",
    accept_by=15,
)
ACCEPTED = news(
    "routing",
    2,
    "AssignmentAccepted",
    assignment_id="asg_1",
    decision_maker_id="dm_maya",
    public_name="Maya",
    restate_by=32,
)
OFFERED_ON = news(
    "routing",
    3,
    "HandOverOffered",
    hand_over_id="hov_1",
    from_public_name="Maya",
    to_public_name="Helen",
    return_by=31,
)
TAKEN_OVER = news(
    "routing",
    4,
    "OwnershipHandedOver",
    hand_over_id="hov_1",
    decision_maker_id="dm_helen",
    public_name="Helen",
)
ACKNOWLEDGED = news(
    "resolution",
    1,
    "ResponseSent",
    response_id="rsp_1",
    kind="ACKNOWLEDGEMENT",
    deliver_by=15,
)
HEARD = news("resolution", 2, "ResponseDelivered", response_id="rsp_1", kind="ACKNOWLEDGEMENT")
OFFERED = news(
    "resolution",
    3,
    "OfferMade",
    offer_id="off_1",
    remedy_ids=["rem_1", "rem_2"],
    kinds=["REPLACEMENT", "COUPON"],
    expires_by=50,
)
AGREED = news("resolution", 4, "OfferAccepted", offer_id="off_1", carry_out_by=50, answer_by=80)
ORDERED = news("resolution", 6, "ReplacementOrdered", remedy_id="rem_1", check_by=60)
CREDITED = news("resolution", 9, "RemedyCompleted", remedy_id="rem_2")
ANSWERED = news("resolution", 10, "ResponseSent", response_id="rsp_2", kind="ANSWER", deliver_by=60)
UNDERSTOOD = news("resolution", 11, "ResponseDelivered", response_id="rsp_2", kind="ANSWER")
SHIPPED = news("resolution", 12, "ReplacementShipped", remedy_id="rem_1", check_by=240)
ARRIVED = news("resolution", 14, "RemedyCompleted", remedy_id="rem_1")
RESOLVED = news("resolution", 15, "EscalationResolved")
SCHEDULED = news("followup", 1, "FollowUpScheduled", follow_up_id="fup_1", ask_by=30_000)
ASKED = news("followup", 2, "FollowUpAsked", follow_up_id="fup_1", answer_by=40_000)
TOLD = news("followup", 3, "FollowUpAnswered", follow_up_id="fup_1", solved=True)
CLOSED = news("followup", 4, "EscalationClosed", outcome="HAPPY")

UNTIL_OWNED = (OPENED, ACKNOWLEDGED, HEARD, ASSIGNED, ACCEPTED)
UNTIL_AGREED = (*UNTIL_OWNED, RESTATED, CONFIRMED, OFFERED, AGREED)
UNTIL_RESOLVED = (
    *UNTIL_AGREED,
    ORDERED,
    CREDITED,
    ANSWERED,
    UNDERSTOOD,
    SHIPPED,
    ARRIVED,
    RESOLVED,
)
WHOLE = (*UNTIL_RESOLVED, SCHEDULED, ASKED, TOLD, CLOSED)
