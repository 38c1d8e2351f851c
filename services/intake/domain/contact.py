"""Contact: the customer came back, with more words, another need-by or another remedy sought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.values.case import Channel
from amends.values.deadline import NeedBy
from amends.values.identity import EscalationId
from amends.values.personal import Personal
from amends.values.remedy import RemedySought
from services.intake.domain.case import Case, Standing, require_open
from services.intake.domain.need_by import require_ahead
from services.intake.domain.opening import priority, require_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """What the customer said now; `need_by` and `remedy_sought` are None where nothing changed."""

    escalation: EscalationId
    channel: Channel
    words: Personal[str]
    need_by: NeedBy | None
    occasion: Personal[str]
    remedy_sought: RemedySought | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded:
    """The customer came back."""

    escalation: EscalationId
    channel: Channel
    words: Personal[str]
    need_by: NeedBy | None
    occasion: Personal[str]
    remedy_sought: RemedySought | None
    priority: int
    contacted_at: datetime


def decide(case: Case, command: RecordContact, standing: Standing) -> Sequence[ContactRecorded]:
    """The contact, and how urgent the case is with it: never less than it was.

    Raises:
        EscalationNotFound, EscalationClosed: there is no such open case.
        NeedByInThePast: the new need-by is over.
        InvalidMoney: an amount that is not above zero.
    """
    require_open(case, standing, command.escalation)
    require_ahead(command.need_by, command.at)
    if command.remedy_sought is not None:
        require_amount(command.remedy_sought)
    need_by = command.need_by or case.need_by
    return [
        ContactRecorded(
            escalation=command.escalation,
            channel=command.channel,
            words=command.words,
            need_by=command.need_by,
            occasion=command.occasion,
            remedy_sought=command.remedy_sought,
            priority=min(case.priority, priority(case.policy, case.cause, need_by, command.at)),
            contacted_at=command.at,
        )
    ]


def evolve(case: Case, event: ContactRecorded) -> Case:
    """The case with what changed."""
    return replace(
        case,
        channel=event.channel,
        need_by=event.need_by or case.need_by,
        remedy_sought=event.remedy_sought or case.remedy_sought,
        priority=event.priority,
    )
