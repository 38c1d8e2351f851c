"""What resolution says of remedies and promises: under way, done, failed, kept, broken. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.messages import News
from workflows.state import Due, Promise, Resolution

_UNDER_WAY = {
    "ReplacementOrdered": "ORDERED",
    "ReplacementShipped": "SHIPPED",
    "ReplacementDelayed": "SHIPPED",
    "RefundSubmitted": "SUBMITTED",
}


def _under_way(part: Resolution, news: News) -> Resolution:
    return _remedy(part, news, _UNDER_WAY[news.event])


def _completed(part: Resolution, news: News) -> Resolution:
    return _remedy(part, news, "COMPLETED")


def _compensated(part: Resolution, news: News) -> Resolution:
    return _remedy(part, news, "COMPENSATED")


def _failed(part: Resolution, news: News) -> Resolution:
    """Another offer is needed, also where money came back that the customer had already.

    Not where the customer accepted something else in its place before it failed.
    """
    failed = _remedy(part, news, "FAILED")
    others = part.remedies.values()
    if any(each.in_place_of == news.facts["remedy_id"] and not each.undone for each in others):
        return failed
    return replace(failed, agreed="", offer_again=Due.of(news, "offer_by"))


def _remedy(part: Resolution, news: News, state: str) -> Resolution:
    known = part.remedies.get(news.facts["remedy_id"])
    if known is None:
        return part
    now = replace(
        known,
        state=state,
        check=Due.of(news, "check_by"),
        expected=Due.of(news, "expected_by"),
    )
    return replace(part, remedies={**part.remedies, known.id: now})


def _promised(part: Resolution, news: News) -> Resolution:
    made = Promise(
        id=news.facts["promise_id"],
        event=news.event_id,
        warn=Due.of(news, "warn_by"),
        due=Due.of(news, "due_by"),
    )
    return replace(part, promises={**part.promises, made.id: made})


def _kept(part: Resolution, news: News) -> Resolution:
    kept = news.facts["promise_id"]
    return replace(part, promises={id_: each for id_, each in part.promises.items() if id_ != kept})


def _broken(part: Resolution, news: News) -> Resolution:
    known = part.promises.get(news.facts["promise_id"])
    if known is None:
        return part
    broken = replace(known, broken=Due.of(news, "broken_at") or known.due)
    return replace(part, promises={**part.promises, known.id: broken})


FOLDS: Mapping[str, Callable[[Resolution, News], Resolution]] = {
    **dict.fromkeys(_UNDER_WAY, _under_way),
    "RemedyCompleted": _completed,
    "RemedyCompensated": _compensated,
    "RemedyFailed": _failed,
    "PromiseMade": _promised,
    "PromiseKept": _kept,
    "PromiseBroken": _broken,
}
