"""Starting a run, or telling a running one: idempotent by the escalation's id.

Whoever starts it (the bridge, the reconciler), there is one run at a time; one that finds its
case closed ends at once.
"""

from typing import Any

from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from workflows import names
from workflows.folding import fold
from workflows.messages import LifecycleInput, News
from workflows.showing import Shown, shown
from workflows.state import Case

_OPENED = "EscalationOpened"
_MIDDLE = 3


async def tell(client: Client, begin: LifecycleInput, news: News) -> None:
    """Signals the news to the case's run; where none runs, one is started with them first."""
    opened = fold(Case(), news) if news.event == _OPENED else Case()
    await client.start_workflow(
        names.WORKFLOW_TYPE,
        begin,
        start_signal=names.signal_of(news.event),
        start_signal_args=[news],
        static_summary=_summary(opened),
        priority=Priority(priority_key=opened.intake.priority or _MIDDLE),
        search_attributes=_attributes(begin.tenant, shown(opened)),
        **_how(begin),
    )


async def start(client: Client, begin: LifecycleInput) -> None:
    """Starts a run that finds its place by itself; changes nothing where one runs."""
    await client.start_workflow(
        names.WORKFLOW_TYPE,
        begin,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=_attributes(begin.tenant, shown(Case())),
        **_how(begin),
    )


def _how(begin: LifecycleInput) -> dict[str, Any]:
    return {
        "id": names.workflow_id(begin.escalation_id),
        "task_queue": names.TASK_QUEUE,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    }


def _summary(opened: Case) -> str | None:
    """What kind of case it is; nothing about the customer."""
    intake = opened.intake
    if not intake.opened:
        return None
    words = f"{intake.channel}: {intake.cause}, priority {intake.priority}"
    return words.lower().replace("_", " ")


def _attributes(tenant: str, begins_as: Shown) -> TypedSearchAttributes:
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(names.TENANT, tenant),
        SearchAttributePair(names.STAGE, begins_as.stage),
    ]
    if begins_as.cause:
        pairs.append(SearchAttributePair(names.CAUSE, begins_as.cause))
        pairs.append(SearchAttributePair(names.PRIORITY, begins_as.priority))
    if begins_as.due_by:
        pairs.append(SearchAttributePair(names.DUE_BY, begins_as.due_by))
    return TypedSearchAttributes(pairs)
