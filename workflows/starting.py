"""Starting a run, or telling a running one: idempotent by the escalation's id.

Whoever starts it (the bridge, the reconciler), there is one run at a time; one that finds its
case closed ends at once.
"""

from collections.abc import Sequence
from dataclasses import replace
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
from workflows.changes import NEWEST
from workflows.folding import fold
from workflows.messages import LifecycleInput, News
from workflows.showing import Shown, shown
from workflows.state import Case

# What a run may begin with; whatever else there is to know it reads in the logs.
_BEGINNINGS = {"EscalationOpened", "EscalationReopened"}
_MIDDLE = 3


async def tell(client: Client, begin: LifecycleInput, told: Sequence[News]) -> None:
    """Signals news to the case's run; where none runs, one is started with them first.

    The signal is named for the last of them.
    """
    begun = next((fold(Case(), news) for news in told if news.event in _BEGINNINGS), Case())
    await client.start_workflow(
        names.WORKFLOW_TYPE,
        replace(begin, code=NEWEST),
        start_signal=names.signal_of(told[-1].event),
        start_signal_args=told,
        priority=Priority(priority_key=begun.intake.priority or _MIDDLE),
        **_how(begin),
        **_seen_as(begin, begun),
    )


async def start(client: Client, begin: LifecycleInput) -> None:
    """Starts a run that finds its place by itself; changes nothing where one runs."""
    await client.start_workflow(
        names.WORKFLOW_TYPE,
        replace(begin, code=NEWEST),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        **_how(begin),
        **_seen_as(begin, Case()),
    )


def _how(begin: LifecycleInput) -> dict[str, Any]:
    return {
        "id": names.workflow_id(begin.escalation_id),
        "task_queue": names.TASK_QUEUE,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    }


def _seen_as(begin: LifecycleInput, begun: Case) -> dict[str, Any]:
    """What operations see from the first moment on; nothing about the customer."""
    return {
        "static_summary": _summary(begun),
        "static_details": f"The case file: `amends show {begin.escalation_id}`",
        "search_attributes": _attributes(begin.tenant, shown(begun)),
    }


def _summary(begun: Case) -> str:
    """What kind of case it is, or why it has another run."""
    intake = begun.intake
    if intake.opened:
        words = f"{intake.channel}: {intake.cause}, priority {intake.priority}"
        return words.lower().replace("_", " ")
    return "reopened after its close" if begun.followup.reopened else "taken up again from the logs"


def _attributes(tenant: str, begins_as: Shown) -> TypedSearchAttributes:
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(names.TENANT, tenant),
        SearchAttributePair(names.STAGE, begins_as.stage),
    ]
    if begins_as.cause:
        pairs.append(SearchAttributePair(names.CAUSE, begins_as.cause))
        pairs.append(SearchAttributePair(names.PRIORITY, begins_as.priority))
    if begins_as.partner:
        pairs.append(SearchAttributePair(names.PARTNER, begins_as.partner))
    if begins_as.due_by:
        pairs.append(SearchAttributePair(names.DUE_BY, begins_as.due_by))
    return TypedSearchAttributes(pairs)
