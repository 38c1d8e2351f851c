"""What routing says of a case: who was asked, who owns it, who is offered it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.messages import News
from workflows.state import Assignment, Due, HandOver, Owner, Routing


def _assigned(part: Routing, news: News) -> Routing:
    asked = Assignment(
        id=news.facts["assignment_id"],
        decision_maker=news.facts["decision_maker_id"],
        public_name=news.facts["public_name"],
        event=news.event_id,
        accept=Due.of(news, "accept_by"),
        partner=_is_partner(news),
    )
    return replace(part, assignment=asked, nobody=None)


def _accepted(part: Routing, news: News) -> Routing:
    partner = part.assignment is not None and part.assignment.partner
    owner = replace(_owner(news), partner=partner)
    return replace(_answered(part, news), owner=owner, restate=Due.of(news, "restate_by"))


def _lapsed(part: Routing, news: News) -> Routing:
    return replace(_answered(part, news), cause=news.event_id)


def _answered(part: Routing, news: News) -> Routing:
    if part.assignment is None or part.assignment.id != news.facts["assignment_id"]:
        return part
    return _nobody_is_asked(part)


def _nobody_is_asked(part: Routing) -> Routing:
    asked = replace(part.assignment, open=False) if part.assignment else None
    return replace(part, assignment=asked)


def _nobody(part: Routing, news: News) -> Routing:
    return replace(part, nobody=Due.of(news, "retry_at"), cause=news.event_id)


def _unblocked(part: Routing, news: News) -> Routing:
    return replace(part, nobody=None, cause=news.event_id)


def _offered(part: Routing, news: News) -> Routing:
    offered = HandOver(
        id=news.facts["hand_over_id"],
        event=news.event_id,
        from_name=news.facts["from_public_name"],
        to_name=news.facts["to_public_name"],
        back=Due.of(news, "return_by"),
    )
    return replace(part, hand_over=offered)


def _returned(part: Routing, _news: News) -> Routing:
    return replace(part, hand_over=None)


def _another_owner(part: Routing, news: News) -> Routing:
    """Another owner, and no other deadline."""
    return replace(part, owner=_owner(news), hand_over=None)


def _taken(part: Routing, news: News) -> Routing:
    """Whoever was asked need not answer any more."""
    taken = replace(_nobody_is_asked(_another_owner(part, news)), nobody=None)
    return replace(taken, restate=Due.of(news, "restate_by") or part.restate)


def _owner(news: News) -> Owner:
    return Owner(news.facts["decision_maker_id"], news.facts["public_name"], _is_partner(news))


def _is_partner(news: News) -> bool:
    """Histories of before this was said have none."""
    return bool(news.facts.get("partner"))


FOLDS: Mapping[str, Callable[[Routing, News], Routing]] = {
    "DecisionMakerAssigned": _assigned,
    "AssignmentAccepted": _accepted,
    "AssignmentDeclined": _lapsed,
    "AssignmentExpired": _lapsed,
    "NoDecisionMakerFound": _nobody,
    "RoutingUnblocked": _unblocked,
    "HandOverOffered": _offered,
    "HandOverReturned": _returned,
    "OwnershipHandedOver": _another_owner,
    "OwnershipTaken": _taken,
    "EscalationDeescalated": _another_owner,
}
