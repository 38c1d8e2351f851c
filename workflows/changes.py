"""What the workflow's code does otherwise than earlier code did. Workflow code.

A run knows from its input which code began it; only one that was begun before a change leaves a
marker in its history (`workflow.patched`), which costs a write of the visibility store too.
"""

from collections.abc import Mapping

from temporalio import workflow

from workflows.messages import LifecycleInput

ORDINARY = "ordinary-activities"
"""Commands are ordinary activities (ADR 10)."""
DEBRIEF = "debrief"
"""The owner is asked what can be learned before the case is closed."""
ROUTING_FIRST = "routing-asks-first"
"""Routing asks the first holder by itself (ADR 12)."""
NAMED = "reads-what-is-named"
"""Where some logs are to be read, no others are read with them."""

SHOWN_BEFORE = "shown-before"
"""What a fresh run need not show is what its starter has shown, not what it knows by then."""

UNASKED = "services-go-first"
"""Resolution acknowledges and follow-up schedules by themselves (ADR 12)."""

NEWEST = 3
"""With which runs are begun; one more for whatever is changed after a release."""
_SINCE: Mapping[str, int] = {
    ORDINARY: 1,
    DEBRIEF: 1,
    ROUTING_FIRST: 1,
    NAMED: 1,
    SHOWN_BEFORE: 2,
    UNASKED: 3,
}


def holds(change: str, begin: LifecycleInput) -> bool:
    """Whether a run goes by a change."""
    return begin.code >= _SINCE[change] or workflow.patched(change)
