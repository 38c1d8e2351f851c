"""Advance: how each fact changes the progress of a case. Never refuses, never reads a clock."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from services.intake.domain.facts import Fact
from services.intake.domain.progress import (
    Alarm,
    Asked,
    Followed,
    HandOver,
    Heard,
    MadeRight,
    Offer,
    Owner,
    Progress,
    Routed,
)


def advance(progress: Progress, fact: Fact) -> Progress:
    """The progress with one more fact; a fact that changes nothing is passed over."""
    if fact.name in {"AlarmRaised", "AlarmCleared"}:
        return replace(progress, alarms=_alarms(progress.alarms, fact))
    match fact.source:
        case "intake":
            return replace(progress, heard=_heard(progress.heard, fact))
        case "routing":
            return replace(progress, routed=_routed(progress.routed, fact))
        case "resolution":
            return replace(progress, made_right=_made_right(progress.made_right, fact))
        case "followup":
            return replace(progress, followed=_followed(progress.followed, fact))
        case _:
            return progress


def _alarms(alarms: tuple[Alarm, ...], fact: Fact) -> tuple[Alarm, ...]:
    others = tuple(one for one in alarms if (one.source, one.kind) != (fact.source, fact["kind"]))
    if fact.name == "AlarmCleared":
        return others
    raised = Alarm(
        source=fact.source,
        kind=fact["kind"],
        since=fact["since"] or fact.at,
        clears_when=fact["clears_when"],
    )
    return (*others, raised)


def _heard(heard: Heard, fact: Fact) -> Heard:
    match fact.name:
        case "EscalationOpened":
            return replace(heard, assign_by=fact["assign_by"])
        case "ProblemRestated":
            return replace(
                heard,
                restatement=fact["restatement"],
                confirm_by=fact["confirm_by"],
                confirmed_at=None,
                offer_by=None,
            )
        case "ProblemConfirmed":
            return replace(heard, confirmed_at=fact["confirmed_at"], offer_by=fact["offer_by"])
        case _:
            return heard


def _routed(routed: Routed, fact: Fact) -> Routed:
    match fact.name:
        case "DecisionMakerAssigned":
            asked = Asked(name=fact["public_name"], accept_by=fact["accept_by"])
            return replace(
                routed, asked=asked, nobody_until=None, hops=max(routed.hops, fact["hop"])
            )
        case "AssignmentAccepted":
            return replace(routed, asked=None, nobody_until=None, owner=_owner(fact))
        case "AssignmentDeclined" | "AssignmentExpired":
            return replace(routed, asked=None)
        case "NoDecisionMakerFound":
            return replace(routed, asked=None, nobody_until=fact["retry_at"])
        case _:
            return _handed(routed, fact)


def _handed(routed: Routed, fact: Fact) -> Routed:
    match fact.name:
        case "HandOverOffered":
            return replace(routed, hand_over=_hand_over(fact))
        case "HandOverReturned":
            return replace(routed, hand_over=None)
        case "OwnershipHandedOver":
            return replace(routed, hand_over=None, owner=_next_owner(routed.owner, fact))
        case _:
            return routed


def _owner(fact: Fact) -> Owner:
    return Owner(
        decision_maker=fact["decision_maker_id"],
        name=fact["public_name"],
        subject=fact["owner_subject"],
        since=fact["accepted_at"] or fact.at,
        restate_by=fact["restate_by"],
    )


def _hand_over(fact: Fact) -> HandOver:
    return HandOver(
        from_name=fact["from_public_name"],
        to_name=fact["to_public_name"],
        return_by=fact["return_by"],
    )


def _next_owner(before: Owner | None, fact: Fact) -> Owner:
    """A hand-over moves no deadline: the customer waits for the case, not for a person."""
    return Owner(
        decision_maker=fact["decision_maker_id"],
        name=fact["public_name"],
        subject=fact["owner_subject"],
        since=fact["handed_over_at"] or fact.at,
        restate_by=before.restate_by if before else None,
    )


def _made_right(state: MadeRight, fact: Fact) -> MadeRight:
    change = _RESOLUTION.get(fact.name)
    return change(state, fact) if change else state


def _offered(state: MadeRight, fact: Fact) -> MadeRight:
    offer = Offer(
        offer=fact["offer_id"],
        state="open",
        made_at=fact["made_at"] or fact.at,
        expires_by=fact["expires_by"],
        kinds=tuple(remedy["kind"] for remedy in fact["remedies"]),
    )
    return replace(state, offers=(*state.offers, offer), offer_by=None)


def _answered(state: MadeRight, offer: str, answer: str) -> tuple[Offer, ...]:
    return tuple(replace(one, state=answer) if one.offer == offer else one for one in state.offers)


def _accepted(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(
        state,
        offers=_answered(state, fact["offer_id"], "accepted"),
        remedies=dict.fromkeys(fact["remedy_ids"], fact["carry_out_by"]),
        on_their_way=(),
        answer_by=fact["answer_by"],
        answer_sent=False,
    )


def _ended(answer: str) -> Callable[[MadeRight, Fact], MadeRight]:
    def change(state: MadeRight, fact: Fact) -> MadeRight:
        offers = _answered(state, fact["offer_id"], answer)
        return replace(state, offers=offers, offer_by=fact["offer_by"])

    return change


def _started(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(state, remedies={**state.remedies, fact["remedy_id"]: None})


def _travels(state: MadeRight, fact: Fact) -> MadeRight:
    remedy = fact["remedy_id"]
    return replace(
        state,
        remedies={**state.remedies, remedy: fact["arrives_by"]},
        on_their_way=(*(one for one in state.on_their_way if one != remedy), remedy),
    )


def _final(state: MadeRight, fact: Fact) -> MadeRight:
    left = {one: by for one, by in state.remedies.items() if one != fact["remedy_id"]}
    on_their_way = tuple(one for one in state.on_their_way if one in left)
    return replace(state, remedies=left, on_their_way=on_their_way)


def _failed(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(_final(state, fact), offer_by=fact["offer_by"])


def _sent(state: MadeRight, fact: Fact) -> MadeRight:
    if fact["kind"] != "ANSWER":
        return state
    return replace(state, answer_by=fact["deliver_by"], answer_sent=True)


def _delivered(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(state, answer_by=None) if fact["kind"] == "ANSWER" else state


def _resolved(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(state, resolved_at=fact["resolved_at"] or fact.at)


_RESOLUTION: Mapping[str, Callable[[MadeRight, Fact], MadeRight]] = {
    "OfferMade": _offered,
    "OfferAccepted": _accepted,
    "OfferCountered": _ended("countered"),
    "OfferDeclined": _ended("declined"),
    "OfferExpired": _ended("expired"),
    "RemedyStarted": _started,
    "ReplacementOrdered": _travels,
    "ReplacementShipped": _travels,
    "ReplacementDelayed": _travels,
    "RemedyCompleted": _final,
    "RemedyFailed": _failed,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
}


def _followed(followed: Followed, fact: Fact) -> Followed:
    match fact.name:
        case "FollowUpScheduled":
            return replace(followed, ask_by=fact["ask_by"], answer_by=None)
        case "FollowUpAsked":
            return replace(followed, ask_by=None, answer_by=fact["answer_by"])
        case "FollowUpAnswered" | "FollowUpMissed" | "FollowUpCancelled":
            return replace(followed, ask_by=None, answer_by=None)
        case "EscalationReopened":
            return Followed(reopened_at=fact["reopened_at"] or fact.at, offer_by=fact["offer_by"])
        case "EscalationClosed":
            return replace(
                followed,
                closed_at=fact["closed_at"] or fact.at,
                outcome=fact["outcome"].lower(),
            )
        case _:
            return followed
