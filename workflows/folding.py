"""Folding: from what a service said to the state of a case.

Pure. Each service's part is folded from that service's events alone and by their versions, so that
repeats, and any order of arrival between services, end in the same state. What an event does not
name (a deadline that was not set) is simply not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workflows.messages import News
from workflows.state import (
    Assignment,
    Case,
    Due,
    FollowUp,
    HandOver,
    Intake,
    Offer,
    Owner,
    Remedy,
    Resolution,
    Response,
    Routing,
)

Part = Intake | Routing | Resolution | FollowUp


def fold(case: Case, news: News) -> Case:
    """The case after one more event; unchanged by what it knows already."""
    if news.version <= case.marks[news.service]:
        return case
    case = up_to(case, news.service, news.version)
    if news.event in _ALARMS:
        return _ALARMS[news.event](case, news)
    if news.event not in _FOLDS:
        return case
    part: Any = _FOLDS[news.event](getattr(case, news.service), news)
    return replace(case, steps=case.steps + 1, **{news.service: part})


def up_to(case: Case, service: str, version: int) -> Case:
    """The case with everything known that the service said up to a version."""
    known = max(version, case.marks[service])
    return replace(case, marks={**case.marks, service: known})


def is_gap(case: Case, news: News) -> bool:
    """Whether something before these news may be missing, so that the log must be read first.

    Versions between signals are events that move no case: only the sender knows whether it left
    one out, and after its restart it does not know.
    """
    mark = case.marks[news.service]
    if news.version <= mark + 1:
        return False
    return news.after is None or news.after > mark


def _raised(case: Case, news: News) -> Case:
    key = (news.service, news.facts["kind"])
    return replace(case, alarms={**case.alarms, key: news.event_id})


def _cleared(case: Case, news: News) -> Case:
    key = (news.service, news.facts["kind"])
    left = {standing: event for standing, event in case.alarms.items() if standing != key}
    return replace(case, alarms=left, cleared={**case.cleared, key: case.cleared.get(key, 0) + 1})


def _due(news: News, name: str) -> Due | None:
    by = news.moment(name)
    return Due(news.service, by, news.event_id) if by else None


def _opened(part: Intake, news: News) -> Intake:
    return replace(
        part,
        opened=news.event_id,
        channel=news.facts["channel"],
        cause=news.facts["cause"],
        priority=news.facts["priority"],
        zone=news.facts.get("zone", ""),
        acknowledge=_due(news, "acknowledge_by"),
        assign=_due(news, "assign_by"),
    )


def _context(part: Intake, _news: News) -> Intake:
    return replace(part, context_known=True)


def _restated(part: Intake, news: News) -> Intake:
    number = news.facts["restatement"]
    return replace(part, restatement=number, confirmed=False, confirm=_due(news, "confirm_by"))


def _confirmed(part: Intake, news: News) -> Intake:
    return replace(part, confirmed=True, offer=_due(news, "offer_by"))


def _assigned(part: Routing, news: News) -> Routing:
    asked = Assignment(
        id=news.facts["assignment_id"],
        decision_maker=news.facts["decision_maker_id"],
        public_name=news.facts["public_name"],
        event=news.event_id,
        accept=_due(news, "accept_by"),
    )
    return replace(part, assignment=asked, nobody=None)


def _accepted(part: Routing, news: News) -> Routing:
    owner = Owner(news.facts["decision_maker_id"], news.facts["public_name"])
    return replace(_answered(part, news), owner=owner, restate=_due(news, "restate_by"))


def _lapsed(part: Routing, news: News) -> Routing:
    return replace(_answered(part, news), cause=news.event_id)


def _answered(part: Routing, news: News) -> Routing:
    if part.assignment is None or part.assignment.id != news.facts["assignment_id"]:
        return part
    return replace(part, assignment=replace(part.assignment, open=False))


def _nobody(part: Routing, news: News) -> Routing:
    return replace(part, nobody=_due(news, "retry_at"), cause=news.event_id)


def _unblocked(part: Routing, news: News) -> Routing:
    return replace(part, nobody=None, cause=news.event_id)


def _hand_over_offered(part: Routing, news: News) -> Routing:
    offered = HandOver(
        id=news.facts["hand_over_id"],
        event=news.event_id,
        from_name=news.facts["from_public_name"],
        to_name=news.facts["to_public_name"],
        back=_due(news, "return_by"),
    )
    return replace(part, hand_over=offered)


def _hand_over_returned(part: Routing, _news: News) -> Routing:
    return replace(part, hand_over=None)


def _handed_over(part: Routing, news: News) -> Routing:
    """Another owner, and no other deadline."""
    owner = Owner(news.facts["decision_maker_id"], news.facts["public_name"])
    return replace(part, owner=owner, hand_over=None)


def _offered(part: Resolution, news: News) -> Resolution:
    remedies = dict(zip(news.facts["remedy_ids"], news.facts["kinds"], strict=True))
    offer = Offer(news.facts["offer_id"], news.event_id, _due(news, "expires_by"), remedies)
    return replace(part, offer=offer)


def _agreed(part: Resolution, news: News) -> Resolution:
    accepted = part.offer.remedies if part.offer else {}
    promised = {id_: Remedy(id_, kind, news.event_id) for id_, kind in accepted.items()}
    return replace(
        part,
        offer=None,
        agreed=news.event_id,
        remedies={**part.remedies, **promised},
        carry_out=_due(news, "carry_out_by"),
        answer=_due(news, "answer_by"),
    )


def _not_agreed(part: Resolution, news: News) -> Resolution:
    return replace(part, offer=None, offer_again=_due(news, "offer_by"))


def _under_way(part: Resolution, news: News) -> Resolution:
    return _remedy(part, news, _UNDER_WAY[news.event])


def _completed(part: Resolution, news: News) -> Resolution:
    return _remedy(part, news, "COMPLETED")


def _failed(part: Resolution, news: News) -> Resolution:
    failed = _remedy(part, news, "FAILED")
    return replace(failed, agreed="", offer_again=_due(news, "offer_by"))


def _remedy(part: Resolution, news: News, state: str) -> Resolution:
    known = part.remedies.get(news.facts["remedy_id"])
    if known is None:
        return part
    now = replace(known, state=state, check=_due(news, "check_by"))
    return replace(part, remedies={**part.remedies, known.id: now})


def _sent(part: Resolution, news: News) -> Resolution:
    id_, kind = news.facts["response_id"], news.facts["kind"]
    return replace(
        part,
        undelivered={**part.undelivered, id_: Response(kind, _due(news, "deliver_by"))},
        sent={**part.sent, kind: part.sent.get(kind, 0) + 1},
        answer_sent=part.answer_sent or kind == "ANSWER",
    )


def _delivered(part: Resolution, news: News) -> Resolution:
    id_, kind = news.facts["response_id"], news.facts["kind"]
    left = {other: response for other, response in part.undelivered.items() if other != id_}
    delivered = part.answer_delivered or kind == "ANSWER"
    return replace(part, undelivered=left, answer_delivered=delivered)


def _resolved(part: Resolution, news: News) -> Resolution:
    return Resolution(
        undelivered=part.undelivered,
        sent=part.sent,
        resolved=part.resolved + 1,
        resolved_by=news.event_id,
    )


def _scheduled(part: FollowUp, news: News) -> FollowUp:
    return replace(
        part,
        id=news.facts["follow_up_id"],
        event=news.event_id,
        state="SCHEDULED",
        ask=_due(news, "ask_by"),
    )


def _asked(part: FollowUp, news: News) -> FollowUp:
    return replace(
        part,
        event=news.event_id,
        state="ASKED",
        asked=part.asked + 1,
        answer=_due(news, "answer_by"),
    )


def _told(part: FollowUp, news: News) -> FollowUp:
    return replace(part, event=news.event_id, state="ANSWERED", solved=news.facts["solved"])


def _missed(part: FollowUp, news: News) -> FollowUp:
    return replace(part, event=news.event_id, state="MISSED")


def _cancelled(part: FollowUp, news: News) -> FollowUp:
    return replace(part, event=news.event_id, state="CANCELLED")


def _reopened(part: FollowUp, news: News) -> FollowUp:
    return FollowUp(
        asked=part.asked, reopened=part.reopened + 1, offer_again=_due(news, "offer_by")
    )


def _closed(part: FollowUp, _news: News) -> FollowUp:
    return replace(part, closed=True)


_ALARMS = {"AlarmRaised": _raised, "AlarmCleared": _cleared}
_UNDER_WAY = {
    "ReplacementOrdered": "ORDERED",
    "ReplacementShipped": "SHIPPED",
    "ReplacementDelayed": "SHIPPED",
}
_FOLDS: Mapping[str, Callable[[Any, News], Part]] = {
    "EscalationOpened": _opened,
    "ContextRecorded": _context,
    "ProblemRestated": _restated,
    "ProblemConfirmed": _confirmed,
    "DecisionMakerAssigned": _assigned,
    "AssignmentAccepted": _accepted,
    "AssignmentDeclined": _lapsed,
    "AssignmentExpired": _lapsed,
    "NoDecisionMakerFound": _nobody,
    "RoutingUnblocked": _unblocked,
    "HandOverOffered": _hand_over_offered,
    "HandOverReturned": _hand_over_returned,
    "OwnershipHandedOver": _handed_over,
    "OfferMade": _offered,
    "OfferAccepted": _agreed,
    "OfferCountered": _not_agreed,
    "OfferDeclined": _not_agreed,
    "OfferExpired": _not_agreed,
    "ReplacementOrdered": _under_way,
    "ReplacementShipped": _under_way,
    "ReplacementDelayed": _under_way,
    "RemedyCompleted": _completed,
    "RemedyFailed": _failed,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
    "FollowUpScheduled": _scheduled,
    "FollowUpAsked": _asked,
    "FollowUpAnswered": _told,
    "FollowUpMissed": _missed,
    "FollowUpCancelled": _cancelled,
    "EscalationReopened": _reopened,
    "EscalationClosed": _closed,
}
"""One line per event that moves a case; what is not here (a later contract's) changes nothing."""
