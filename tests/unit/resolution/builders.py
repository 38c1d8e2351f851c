"""The football shoes as resolution's rules see them, and a short way to say given / when / then."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amends.values.authority import Limit
from amends.values.case import Cause, Channel
from amends.values.deadline import NeedBy
from amends.values.identity import (
    Actor,
    DecisionMakerId,
    EscalationId,
    OfferId,
    RemedyId,
    ReservationId,
    Role,
    Subject,
    Tenant,
)
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.refusal import Refusal
from amends.values.remedy import Action, RefundMethod, RemedyKind
from services.resolution.domain.case import Case, Owner
from services.resolution.domain.drafts import OfferApproved, OfferDrafted
from services.resolution.domain.merchant import Goods, Line, Order, Quote
from services.resolution.domain.offering import Wanted, plan
from services.resolution.domain.offers import OfferAccepted, OfferMade
from services.resolution.domain.remedies import Remedies, RemedyStarted

LONDON = ZoneInfo("Europe/London")
ESCALATION = EscalationId("esc_shoes")
OFFER = OfferId("off_1")
SHOES, COUPON = RemedyId("rem_0"), RemedyId("rem_1")
RESERVATION = ReservationId("rsv_1")
MAYA_ID = DecisionMakerId("dm_maya")
TENANT = Tenant("sole-mates")
MAYA = Actor(Subject("maya"), TENANT, Role.DECISION_MAKER)
HELEN_ID = DecisionMakerId("dm_helen")
HELEN = Actor(Subject("helen"), TENANT, Role.DECISION_MAKER)
TOM = Actor(Subject("tom"), TENANT, Role.DECISION_MAKER)
HANNAH = Actor(Subject("hannah"), TENANT, Role.HANDLER)
WORKFLOW = Actor(Subject("workflow"), TENANT, Role.SERVICE)


def london(text: str) -> datetime:
    """A moment of that weekend: "Sat 15:10"."""
    day, hour = text.split()
    date = {"Sat": 21, "Sun": 22, "Tue": 24}[day]
    at = datetime.strptime(f"2026-11-{date} {hour}", "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    return at.astimezone(UTC)


NOW = london("Sat 15:20")
MINUTE = timedelta(minutes=1)
KICK_OFF = NeedBy(london("Sun 10:00"), "Europe/London")
CASE = Case(
    escalation=ESCALATION,
    channel=Channel.PHONE,
    cause=Cause.DAMAGED,
    policy_version=1,
    need_by=KICK_OFF,
    owner=Owner(MAYA_ID, MAYA.subject, "Maya"),
)


def pounds(minor: int) -> Money:
    """So many pence."""
    return Money("GBP", minor)


LIMITS = (
    Limit(Action.RESHIP, pounds(20000)),
    Limit(Action.GOODWILL, pounds(2500)),
    Limit(Action.EXPEDITED_SHIPPING, pounds(3000)),
)
COURIER = Quote(
    "same-day-courier",
    pounds(1490),
    cut_off=london("Sat 16:00"),
    arrives_from=london("Sat 18:00"),
    arrives_by=london("Sat 21:00"),
    expedited=True,
)
NEXT_DAY = Quote(
    "next-day",
    pounds(590),
    cut_off=london("Sat 18:00"),
    arrives_from=london("Sun 13:00"),
    arrives_by=london("Sun 14:00"),
    expedited=True,
)
STANDARD = Quote(
    "standard",
    pounds(0),
    cut_off=london("Sat 17:00"),
    arrives_from=london("Tue 09:00"),
    arrives_by=london("Tue 18:00"),
    expedited=False,
)
LINE = Line("FB-PREDATOR-42", pounds(6490))


def goods(*quotes: Quote) -> tuple[Goods, ...]:
    """The shoes, with these ways to carry them."""
    return (Goods(LINE, quotes),)


PAID = LINE.value
ORDER = Order(
    goods=goods(COURIER, NEXT_DAY, STANDARD),
    total=PAID,
    refundable=PAID,
    refund_methods=(RefundMethod.ORIGINAL_PAYMENT,),
)


SHOES_BY_COURIER = Wanted(RemedyKind.REPLACEMENT, shipping_service="same-day-courier")
A_COUPON = Wanted(RemedyKind.COUPON, amount=pounds(1000))


def new_id(n: int) -> RemedyId:
    """Remedy ids in the order of the offer: SHOES, COUPON."""
    return RemedyId(f"rem_{n}")


PLAN = plan(
    CASE,
    (SHOES_BY_COURIER, A_COUPON),
    ORDER,
    Remedies(),
    late_is_agreed=False,
    new_id=new_id,
)
MADE = OfferMade(
    escalation=ESCALATION,
    offer=OFFER,
    remedies=PLAN.authorised(MAYA_ID),
    explanation=Personal("the soles were cut in the warehouse"),
    apology=Personal("we are sorry"),
    reservation=RESERVATION,
    maker=MAYA_ID,
    made_at=NOW,
    expires_by=london("Sat 16:00"),
)
DRAFTED = OfferDrafted(
    escalation=ESCALATION,
    offer=OFFER,
    remedies=PLAN.remedies,
    explanation=MADE.explanation,
    apology=MADE.apology,
    maker=MAYA_ID,
    maker_subject=MAYA.subject,
    needs=tuple(use.need for use in PLAN.uses),
    drafted_at=NOW,
    approve_by=london("Sat 15:40"),
    cut_off=london("Sat 16:00"),
)
APPROVED = OfferApproved(
    escalation=ESCALATION,
    offer=OFFER,
    approver=HELEN_ID,
    approver_subject=HELEN.subject,
    reservation=RESERVATION,
    approved_at=NOW + MINUTE,
)
ACCEPTED = OfferAccepted(
    escalation=ESCALATION,
    offer=OFFER,
    remedy_ids=(SHOES, COUPON),
    accepted_at=NOW + MINUTE,
    carry_out_by=NOW + 31 * MINUTE,
    answer_by=NOW + 61 * MINUTE,
)


def started(remedy: RemedyId, kind: RemedyKind) -> RemedyStarted:
    """The intent to carry it out."""
    return RemedyStarted(ESCALATION, remedy, OFFER, kind, remedy, NOW + 2 * MINUTE)


SHOES_STARTED = started(SHOES, RemedyKind.REPLACEMENT)
COUPON_STARTED = started(COUPON, RemedyKind.COUPON)


class Given:
    """The events so far of one idea; `when` asks it to decide."""

    def __init__(
        self,
        initial: Any,  # noqa: ANN401 - each idea has its own state
        evolve: Callable[[Any, object], Any],
        events: Iterable[object],
    ) -> None:
        self.state = initial
        for event in events:
            self.state = evolve(self.state, event)

    def when(
        self,
        decide: Callable[[Any, Any, Any], Sequence[object]],
        command: object,
        known: object,
    ) -> tuple[Any, ...]:
        """The events that the command causes."""
        return tuple(decide(self.state, command, known))

    def refuses(
        self,
        refusal: type[Refusal],
        decide: Callable[[Any, Any, Any], Sequence[object]],
        command: object,
        known: object,
    ) -> Refusal:
        """The refusal that the command meets."""
        with pytest.raises(refusal) as refused:
            decide(self.state, command, known)
        return refused.value
