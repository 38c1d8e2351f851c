"""Folding: from what a service said to the state of a case.

Pure. Each service's part is folded from that service's events alone and by their versions, so that
repeats, and any order of arrival between services, end in the same state. What an event does not
name (a deadline that was not set) is simply not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workflows.folding import followup, intake, resolution, routing
from workflows.messages import News
from workflows.state import Case


def fold(case: Case, news: News) -> Case:
    """The case after one more event; unchanged by what it knows already."""
    if news.version <= case.marks[news.service]:
        return case
    case = up_to(case, news.service, news.version)
    if news.event in ALARMS:
        return ALARMS[news.event](case, news)
    if news.event not in FOLDS:
        return case
    part: Any = FOLDS[news.event](getattr(case, news.service), news)
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


ALARMS = {"AlarmRaised": _raised, "AlarmCleared": _cleared}
FOLDS: Mapping[str, Callable[[Any, News], Any]] = {
    **intake.FOLDS,
    **routing.FOLDS,
    **resolution.FOLDS,
    **followup.FOLDS,
}
"""One line per event that moves a case; what is not here (a later contract's) changes nothing."""
