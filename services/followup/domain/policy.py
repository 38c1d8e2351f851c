"""Policies: every duration that follow-up promises, by the policy version fixed at the opening.

A released version never changes: a case keeps to the one that it was opened under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

EARLY = timedelta(seconds=1)
"""Two machines' clocks may differ so much: what comes that little too early is on time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long follow-up waits, and how long it gives people."""

    ask_after: timedelta
    """From the resolution until the customer is asked (S59)."""
    answer_within: timedelta
    """For the customer to answer; after that nobody waits any more."""
    offer_within: timedelta
    """For the owner of a reopened case to make a new offer (S60)."""
    debrief_within: timedelta
    """For the owner to tell what can be learned (S61)."""


POLICIES: Mapping[int, Policy] = {
    1: Policy(
        ask_after=timedelta(days=21),
        answer_within=timedelta(days=7),
        offer_within=timedelta(hours=2),
        debrief_within=timedelta(days=7),
    ),
}
