"""Advance: how each fact changes the progress of a case. Never refuses, never reads a clock."""

from collections.abc import Mapping
from dataclasses import replace

from services.intake.domain.facts import Fact
from services.intake.domain.making_right import made_right
from services.intake.domain.progress import (
    Alarm,
    Asked,
    Followed,
    HandOver,
    Heard,
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
            return replace(progress, made_right=made_right(progress.made_right, fact))
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
        case "OwnershipTaken" | "EscalationDeescalated":
            taken = replace(routed, asked=None, nobody_until=None, hand_over=None)
            return replace(taken, owner=_next_owner(routed.owner, fact))
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


_OWNER_SINCE: Mapping[str, str] = {
    "OwnershipHandedOver": "handed_over_at",
    "OwnershipTaken": "taken_at",
    "EscalationDeescalated": "deescalated_at",
}


def _next_owner(before: Owner | None, fact: Fact) -> Owner:
    """Another owner moves no deadline: the customer waits for the case, not for a person.

    Only who takes over what nobody has restated yet may be given a time of their own.
    """
    restate_by = fact.fields.get("restate_by") or (before.restate_by if before else None)
    return Owner(
        decision_maker=fact["decision_maker_id"],
        name=fact["public_name"],
        subject=fact["owner_subject"],
        since=fact[_OWNER_SINCE[fact.name]] or fact.at,
        restate_by=restate_by,
    )


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
