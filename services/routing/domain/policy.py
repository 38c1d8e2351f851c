"""Policies: every duration that routing decides with, by the policy version of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long routing gives people, and what it counts as urgent."""

    accept: timedelta
    """For a holder to accept, counted within their working hours."""
    accept_urgent: timedelta
    urgent_priority: int
    """This priority and the more urgent ones (smaller numbers) have `accept_urgent`."""
    hand_over: timedelta
    """For another holder to accept the case that its owner offers (S28), within their working
    hours; the owner stays accountable meanwhile, so that urgent cases have no time of their own."""
    restate: timedelta
    """For the new owner to say the problem back (S18)."""
    look_again: timedelta
    """Where nobody can decide: to look again at the latest."""
    expedite_within: timedelta
    """A replacement that is needed sooner needs faster shipping as an exception (S32, S38)."""

    def acceptance(self, priority: int) -> timedelta:
        """For a case of this priority."""
        return self.accept_urgent if priority <= self.urgent_priority else self.accept


POLICIES: Mapping[int, Policy] = {
    1: Policy(
        accept=timedelta(minutes=30),
        accept_urgent=timedelta(minutes=15),
        urgent_priority=2,
        hand_over=timedelta(minutes=30),
        restate=timedelta(minutes=30),
        look_again=timedelta(minutes=15),
        expedite_within=timedelta(hours=72),
    )
}
"""By policy version; a version is never changed once a case was opened under it."""

NEWEST = max(POLICIES)


def policy_of(version: int) -> Policy:
    """The case's policy; a version that this program does not know yet is read as its newest."""
    return POLICIES.get(version, POLICIES[NEWEST])
