"""What follow-up says of a case: asked weeks later, reopened, learned from, closed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.messages import News
from workflows.state import Due, FollowUp


def _scheduled(part: FollowUp, news: News) -> FollowUp:
    return replace(
        part,
        id=news.facts["follow_up_id"],
        event=news.event_id,
        state="SCHEDULED",
        ask=Due.of(news, "ask_by"),
    )


def _asked(part: FollowUp, news: News) -> FollowUp:
    return replace(
        part,
        event=news.event_id,
        state="ASKED",
        asked=part.asked + 1,
        answer=Due.of(news, "answer_by"),
    )


def _told(part: FollowUp, news: News) -> FollowUp:
    return replace(part, event=news.event_id, state="ANSWERED", solved=news.facts["solved"])


def _missed(part: FollowUp, news: News) -> FollowUp:
    return replace(part, event=news.event_id, state="MISSED")


def _cancelled(part: FollowUp, news: News) -> FollowUp:
    if part.id != news.facts["follow_up_id"]:
        return part  # of the round before the case was reopened
    reopening = news.facts.get("reason") == "REOPENED"
    return replace(part, event=news.event_id, state="CANCELLED", reopening=reopening)


def _reopened(part: FollowUp, news: News) -> FollowUp:
    return FollowUp(
        asked=part.asked,
        reopened=part.reopened + 1,
        offer_again=Due.of(news, "offer_by"),
        debrief=part.debrief,
    )


def _to_learn(part: FollowUp, news: News) -> FollowUp:
    return replace(part, debrief=news.facts["debrief_id"])


def _closed(part: FollowUp, _news: News) -> FollowUp:
    return replace(part, closed=True)


FOLDS: Mapping[str, Callable[[FollowUp, News], FollowUp]] = {
    "FollowUpScheduled": _scheduled,
    "FollowUpAsked": _asked,
    "FollowUpAnswered": _told,
    "FollowUpMissed": _missed,
    "FollowUpCancelled": _cancelled,
    "EscalationReopened": _reopened,
    "DebriefRequested": _to_learn,
    "EscalationClosed": _closed,
}
