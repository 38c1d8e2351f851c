"""Making right: how each fact of resolution changes what was offered, promised and done.

Never refuses, never reads a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from services.intake.domain.facts import Fact
from services.intake.domain.progress import MadeRight, Offer, Promise, Refund

Change = Callable[[MadeRight, Fact], MadeRight]


def made_right(state: MadeRight, fact: Fact) -> MadeRight:
    """The state with one more fact; a fact that changes nothing is passed over."""
    change = _CHANGES.get(fact.name)
    return change(state, fact) if change else state


def _drafted(state: MadeRight, fact: Fact) -> MadeRight:
    draft = _offer(fact, "draft", fact["drafted_at"], approve_by=fact["approve_by"])
    return replace(state, offers=(*state.offers, draft), offer_by=None)


def _offered(state: MadeRight, fact: Fact) -> MadeRight:
    """A draft that was approved is the same offer."""
    offer = _offer(fact, "open", fact["made_at"], expires_by=fact["expires_by"])
    known = any(one.offer == offer.offer for one in state.offers)
    ledger = (
        tuple(offer if one.offer == offer.offer else one for one in state.offers)
        if known
        else (*state.offers, offer)
    )
    return replace(state, offers=ledger, offer_by=None)


def _offer(
    fact: Fact,
    state: str,
    made_at: datetime | None,
    *,
    expires_by: datetime | None = None,
    approve_by: datetime | None = None,
) -> Offer:
    return Offer(
        offer=fact["offer_id"],
        state=state,
        made_at=made_at or fact.at,
        expires_by=expires_by,
        kinds=tuple(remedy["kind"] for remedy in fact["remedies"]),
        approve_by=approve_by,
    )


def _answered(state: MadeRight, offer: str, answer: str) -> tuple[Offer, ...]:
    return tuple(replace(one, state=answer) if one.offer == offer else one for one in state.offers)


def _accepted(state: MadeRight, fact: Fact) -> MadeRight:
    """What an earlier offer promised and is still under way stays promised."""
    promised = dict.fromkeys(fact["remedy_ids"], fact["carry_out_by"])
    return replace(
        state,
        offers=_answered(state, fact["offer_id"], "accepted"),
        remedies={**state.remedies, **promised},
        answer_by=fact["answer_by"],
        answer_sent=False,
    )


def _ended(answer: str) -> Change:
    def change(state: MadeRight, fact: Fact) -> MadeRight:
        offers = _answered(state, fact["offer_id"], answer)
        return replace(state, offers=offers, offer_by=fact["offer_by"])

    return change


def _started(state: MadeRight, fact: Fact) -> MadeRight:
    return _goes_on(state, fact["remedy_id"], None)


def _goes_on(state: MadeRight, remedy: str, by: datetime | None) -> MadeRight:
    return replace(state, remedies={**state.remedies, remedy: by})


def _travels(state: MadeRight, fact: Fact) -> MadeRight:
    remedy = fact["remedy_id"]
    on_their_way = (*(one for one in state.on_their_way if one != remedy), remedy)
    return replace(_goes_on(state, remedy, fact["arrives_by"]), on_their_way=on_their_way)


def _final(state: MadeRight, fact: Fact) -> MadeRight:
    left = {one: by for one, by in state.remedies.items() if one != fact["remedy_id"]}
    on_their_way = tuple(one for one in state.on_their_way if one in left)
    return replace(state, remedies=left, on_their_way=on_their_way)


def _failed(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(_final(state, fact), offer_by=fact["offer_by"])


def _submitted(state: MadeRight, fact: Fact) -> MadeRight:
    refund = Refund(
        remedy=fact["remedy_id"],
        state="submitted",
        amount=fact["amount"],
        expected_by=fact["expected_by"],
    )
    others = tuple(one for one in state.refunds if one.remedy != refund.remedy)
    going = _goes_on(state, refund.remedy, refund.expected_by)
    return replace(going, refunds=(*others, refund))


def _credited(state: MadeRight, fact: Fact) -> MadeRight:
    return _went(state, fact, "succeeded", fact["credited_at"] or fact.at)


def _bounced(state: MadeRight, fact: Fact) -> MadeRight:
    return _went(state, fact, "failed", None)


def _went(state: MadeRight, fact: Fact, became: str, credited_at: datetime | None) -> MadeRight:
    """A refund that was never told of is not invented."""
    refunds = tuple(
        replace(one, state=became, credited_at=credited_at or one.credited_at)
        if one.remedy == fact["remedy_id"]
        else one
        for one in state.refunds
    )
    return replace(state, refunds=refunds)


def _promised(state: MadeRight, fact: Fact) -> MadeRight:
    promise = Promise(
        promise=fact["promise_id"],
        maker=fact["maker"],
        state="open",
        promised_at=fact["promised_at"] or fact.at,
        due_by=fact["due_by"],
        warn_by=fact["warn_by"],
    )
    return replace(state, promises=(*state.promises, promise))


def _kept(state: MadeRight, fact: Fact) -> MadeRight:
    return _settled(state, fact, "kept" if fact["in_time"] else "kept late")


def _broken(state: MadeRight, fact: Fact) -> MadeRight:
    return _settled(state, fact, "broken")


def _settled(state: MadeRight, fact: Fact, how: str) -> MadeRight:
    promises = tuple(
        replace(one, state=how) if one.promise == fact["promise_id"] else one
        for one in state.promises
    )
    return replace(state, promises=promises)


def _sent(state: MadeRight, fact: Fact) -> MadeRight:
    if fact["kind"] != "ANSWER":
        return state
    return replace(state, answer_by=fact["deliver_by"], answer_sent=True)


def _delivered(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(state, answer_by=None) if fact["kind"] == "ANSWER" else state


def _resolved(state: MadeRight, fact: Fact) -> MadeRight:
    return replace(state, resolved_at=fact["resolved_at"] or fact.at)


_CHANGES: Mapping[str, Change] = {
    "OfferDrafted": _drafted,
    "OfferMade": _offered,
    "OfferAccepted": _accepted,
    "OfferCountered": _ended("countered"),
    "OfferDeclined": _ended("declined"),
    "OfferExpired": _ended("expired"),
    "OfferRejected": _ended("rejected"),
    "OfferWithdrawn": _ended("withdrawn"),
    "RemedyStarted": _started,
    "ReplacementOrdered": _travels,
    "ReplacementShipped": _travels,
    "ReplacementDelayed": _travels,
    "RefundSubmitted": _submitted,
    "RefundSucceeded": _credited,
    "RefundFailed": _bounced,
    "RemedyCompleted": _final,
    "RemedyFailed": _failed,
    "RemedyCompensated": _final,
    "PromiseMade": _promised,
    "PromiseKept": _kept,
    "PromiseBroken": _broken,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
}
