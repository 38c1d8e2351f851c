"""What intake says of a case: opened, looked up, restated, confirmed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.messages import News
from workflows.state import Due, Intake


def _opened(part: Intake, news: News) -> Intake:
    return replace(
        part,
        opened=news.event_id,
        channel=news.facts["channel"],
        cause=news.facts["cause"],
        priority=news.facts["priority"],
        partner=news.facts.get("partner", ""),
        zone=news.facts.get("zone", ""),
        acknowledge=Due.of(news, "acknowledge_by"),
        assign=Due.of(news, "assign_by"),
    )


def _context(part: Intake, _news: News) -> Intake:
    return replace(part, context_known=True)


def _restated(part: Intake, news: News) -> Intake:
    number = news.facts["restatement"]
    return replace(part, restatement=number, confirmed=False, confirm=Due.of(news, "confirm_by"))


def _confirmed(part: Intake, news: News) -> Intake:
    return replace(part, confirmed=True, offer=Due.of(news, "offer_by"))


FOLDS: Mapping[str, Callable[[Intake, News], Intake]] = {
    "EscalationOpened": _opened,
    "ContextRecorded": _context,
    "ProblemRestated": _restated,
    "ProblemConfirmed": _confirmed,
}
