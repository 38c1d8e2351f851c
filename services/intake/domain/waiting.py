"""Waiting: the stage of a case, and who must do what by when for it to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from amends.values.case import Stage
from services.intake.domain.progress import Progress

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for ("for Maya to accept"), and until when where that is known."""

    what: str = ""
    until: datetime | None = None


def stage(progress: Progress) -> Stage:
    """Where the case stands."""
    if progress.closed:
        return Stage.CLOSED
    if progress.resolved:
        return Stage.FOLLOW_UP
    if progress.routed.owner is not None:
        return Stage.RESOLUTION
    searched = progress.routed.hops or progress.routed.nobody_until is not None
    return Stage.ROUTING if searched else Stage.INTAKE


def waiting(progress: Progress) -> Waiting:
    """What the case waits for now; nothing once it is closed."""
    match stage(progress):
        case Stage.CLOSED:
            return Waiting()
        case Stage.FOLLOW_UP:
            return _follow_up(progress)
        case Stage.RESOLUTION:
            return _resolution(progress)
        case Stage.INTAKE | Stage.ROUTING:
            return _routing(progress)


def _routing(progress: Progress) -> Waiting:
    routed = progress.routed
    if routed.asked is not None:
        return Waiting(f"for {routed.asked.name} to accept", routed.asked.accept_by)
    if routed.nobody_until is not None:
        return Waiting("for somebody who may decide to be available", routed.nobody_until)
    return Waiting("for a decision-maker to be found", progress.heard.assign_by)


def _resolution(progress: Progress) -> Waiting:
    owner = progress.routed.owner
    name = owner.name if owner else "the owner"
    found = [*_next(progress, name), *_promised(progress, name)]
    if found:
        return min(found, key=lambda one: one.until or _NEVER)
    return Waiting("for the case to be resolved")


def _next(progress: Progress, name: str) -> Iterator[Waiting]:
    """The next step: nothing is offered or done before the problem was understood."""
    heard, owner = progress.heard, progress.routed.owner
    if not heard.restatement:
        yield Waiting(f"for {name} to restate the problem", owner.restate_by if owner else None)
    elif heard.confirmed_at is None:
        yield Waiting("for the customer to confirm the restatement", heard.confirm_by)
    else:
        yield from _open(progress, name)
        yield from _due(progress, name)


def _promised(progress: Progress, name: str) -> Iterator[Waiting]:
    """Promises to the customer, which whoever owns the case now keeps."""
    for promise in progress.made_right.promises:
        if promise.state == "open":
            yield Waiting(f"for {name} to keep a promise", promise.due_by)


def _open(progress: Progress, name: str) -> Iterator[Waiting]:
    """The offer that is next: to be made, to be approved, or to be answered."""
    for offer in progress.made_right.offers:
        if offer.state == "open":
            yield Waiting("for the customer to answer the offer", offer.expires_by)
            return
        if offer.state == "draft":
            yield Waiting("for another holder to approve the offer", offer.approve_by)
            return
    by = _offer_by(progress)
    if by is not None:
        yield Waiting(f"for {name} to make an offer", by)


def _offer_by(progress: Progress) -> datetime | None:
    """By when an offer is due: the first, one after another ended, or one after a reopening."""
    made, followed = progress.made_right, progress.followed
    last = made.offers[-1].made_at if made.offers else None
    if last is None:
        return progress.heard.offer_by
    if followed.reopened_at is not None and last < followed.reopened_at:
        return followed.offer_by
    return made.offer_by


def _due(progress: Progress, name: str) -> Iterator[Waiting]:
    """What was promised with the accepted offer and is not done."""
    made = progress.made_right
    refunds = {one.remedy for one in made.refunds if one.state == "submitted"}
    for remedy, by in made.remedies.items():
        if remedy in made.on_their_way:
            yield Waiting("for the replacement to arrive", by)
        elif remedy in refunds:
            yield Waiting("for the refund to be credited", by)
        else:
            yield Waiting("for the remedies to be done", by)
    if made.answer_by is not None:
        sent = "for the answer to be delivered"
        yield Waiting(sent if made.answer_sent else f"for {name} to answer", made.answer_by)


def _follow_up(progress: Progress) -> Waiting:
    followed = progress.followed
    if followed.ask_by is not None:
        return Waiting("for the day to ask the customer whether it is solved", followed.ask_by)
    if followed.answer_by is not None:
        return Waiting("for the customer to say whether it is solved", followed.answer_by)
    return Waiting("for the case to be closed")
