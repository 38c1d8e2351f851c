"""Short ways to say what happened, for intake's pure tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import (
    Actor,
    CustomerDigest,
    EscalationId,
    OrderDigest,
    Role,
    Subject,
    Tenant,
)
from amends.values.personal import Personal
from amends.values.remedy import RemedySought
from services.intake.domain.case import Case
from services.intake.domain.contact import RecordContact
from services.intake.domain.escalation import evolve
from services.intake.domain.facts import Fact
from services.intake.domain.opening import OpenEscalation, decide
from services.intake.domain.problem import ConfirmProblem, RestateProblem

CALLED_AT = datetime(2026, 11, 21, 15, 10, tzinfo=UTC)
KICK_OFF = NeedBy(datetime(2026, 11, 22, 10, 0, tzinfo=UTC), "Europe/London")
ESC = EscalationId("esc_shoes")
MAYA = Actor(Subject("maya"), Tenant("shop"), Role.DECISION_MAKER)
HANNA = Actor(Subject("hanna"), Tenant("shop"), Role.HANDLER)
DESK = Actor(Subject("voice-desk"), Tenant("shop"), Role.PLATFORM)


def opening(**changes: Any) -> OpenEscalation:  # noqa: ANN401 - whatever the test says otherwise
    said: dict[str, Any] = {
        "escalation": ESC,
        "channel": Channel.PHONE,
        "cause": Cause.DAMAGED,
        "customer_digest": CustomerDigest("c0ffee"),
        "order_digest": OrderDigest("0rde2"),
        "customer": Personal("C-1042"),
        "order": Personal("SM-20418"),
        "words": Personal("The soles came off"),
        "stake": Personal(""),
        "expected_outcome": Personal(""),
        "need_by": KICK_OFF,
        "occasion": Personal("league"),
        "remedy_sought": RemedySought(),
        "at": CALLED_AT,
    }
    return OpenEscalation(**{**said, **changes})


def contact(**changes: Any) -> RecordContact:  # noqa: ANN401 - whatever the test says otherwise
    said: dict[str, Any] = {
        "escalation": ESC,
        "channel": Channel.EMAIL,
        "words": Personal("Still waiting"),
        "need_by": None,
        "occasion": Personal(""),
        "remedy_sought": None,
        "at": CALLED_AT + timedelta(hours=1),
    }
    return RecordContact(**{**said, **changes})


def opened(**changes: Any) -> Case:  # noqa: ANN401 - whatever the test says otherwise
    """The case after its opening."""
    return given(*decide(opening(**changes)))


def given(*events: object, case: Case | None = None) -> Case:
    """The case after these events."""
    state = case or Case()
    for event in events:
        state = evolve(state, event)
    return state


def restating(who: Actor = HANNA) -> RestateProblem:
    return RestateProblem(
        escalation=ESC,
        words=Personal("Your shoes fell apart"),
        who=who,
        at=CALLED_AT + timedelta(minutes=2),
    )


def confirming(number: int = 1, who: Actor = DESK, evidence: str = "call-77") -> ConfirmProblem:
    return ConfirmProblem(
        escalation=ESC,
        restatement=number,
        evidence=evidence,
        who=who,
        at=CALLED_AT + timedelta(minutes=4),
    )


def fact(source: str, name: str, version: int = 1, minutes: float = 0, **fields: Any) -> Fact:  # noqa: ANN401 - any plain value
    return Fact(
        source=source,
        version=version,
        name=name,
        at=CALLED_AT + timedelta(minutes=minutes),
        actor="maya",
        role="decision-maker",
        fields=fields,
    )
