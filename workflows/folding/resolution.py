"""What resolution says of a case: offered, agreed, answered, made right. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.folding import remedies
from workflows.messages import News
from workflows.state import Draft, Due, Offer, Remedy, Resolution, Response


def _drafted(part: Resolution, news: News) -> Resolution:
    return replace(part, draft=Draft(news.facts["offer_id"], Due.of(news, "approve_by")))


def _offered(part: Resolution, news: News) -> Resolution:
    ids = news.facts["remedy_ids"]
    # News from before there were any say nothing of earlier remedies.
    earlier = news.facts.get("in_place_ofs") or [""] * len(ids)
    offer = Offer(
        id=news.facts["offer_id"],
        event=news.event_id,
        expires=Due.of(news, "expires_by"),
        remedies=dict(zip(ids, news.facts["kinds"], strict=True)),
        in_place_of=dict(zip(ids, earlier, strict=True)),
    )
    return replace(part, offer=offer, draft=None)


def _agreed(part: Resolution, news: News) -> Resolution:
    promised = _promised(part.offer, news) if part.offer else {}
    return replace(
        part,
        offer=None,
        agreed=news.event_id,
        remedies={**part.remedies, **promised},
        carry_out=Due.of(news, "carry_out_by"),
        answer=Due.of(news, "answer_by"),
    )


def _promised(offer: Offer, news: News) -> dict[str, Remedy]:
    return {
        id_: Remedy(id_, kind, news.event_id, in_place_of=offer.in_place_of.get(id_, ""))
        for id_, kind in offer.remedies.items()
    }


def _not_agreed(part: Resolution, news: News) -> Resolution:
    return replace(part, offer=None, draft=None, offer_again=Due.of(news, "offer_by"))


def _sent(part: Resolution, news: News) -> Resolution:
    id_, kind = news.facts["response_id"], news.facts["kind"]
    return replace(
        part,
        undelivered={**part.undelivered, id_: Response(kind, Due.of(news, "deliver_by"))},
        sent={**part.sent, kind: part.sent.get(kind, 0) + 1},
        answer_sent=part.answer_sent or kind == "ANSWER",
    )


def _delivered(part: Resolution, news: News) -> Resolution:
    id_, kind = news.facts["response_id"], news.facts["kind"]
    left = {other: response for other, response in part.undelivered.items() if other != id_}
    delivered = part.answer_delivered or kind == "ANSWER"
    return replace(part, undelivered=left, answer_delivered=delivered)


def _resolved(part: Resolution, news: News) -> Resolution:
    """The next round begins with nothing agreed; what was promised stands."""
    return Resolution(
        remedies=part.remedies,
        promises=part.promises,
        undelivered=part.undelivered,
        sent=part.sent,
        resolved=part.resolved + 1,
        resolved_by=news.event_id,
    )


FOLDS: Mapping[str, Callable[[Resolution, News], Resolution]] = {
    **remedies.FOLDS,
    "OfferDrafted": _drafted,
    "OfferMade": _offered,
    "OfferAccepted": _agreed,
    "OfferCountered": _not_agreed,
    "OfferDeclined": _not_agreed,
    "OfferExpired": _not_agreed,
    "OfferRejected": _not_agreed,
    "OfferWithdrawn": _not_agreed,
    "ResponseSent": _sent,
    "ResponseDelivered": _delivered,
    "EscalationResolved": _resolved,
}
