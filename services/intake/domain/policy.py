"""Policies: every duration that intake promises, by the policy version fixed at the opening.

A released version never changes: a case keeps to the one that it was opened under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from amends.values.case import Cause, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the customer may count on, and what makes a case urgent.

    `urgent_within` is ordered: a need-by that is at most so far away has that priority. A cause
    that is not in `cause_priority` has `usual_priority`.
    """

    acknowledge_within: timedelta
    assign_within: timedelta
    confirm_within: timedelta
    confirm_live_within: timedelta
    offer_within: timedelta
    live_channels: frozenset[Channel]
    evidence_channels: frozenset[Channel]
    urgent_within: tuple[tuple[timedelta, int], ...]
    cause_priority: Mapping[Cause, int]
    usual_priority: int
    regular_from_orders: int
    loyal_from_orders: int
    payment_record_years: int
    """How long the record of a payment is kept, from the end of the calendar year on."""

    def confirm_after(self, channel: Channel) -> timedelta:
        """How long the customer has to confirm: short while they are still there."""
        live = channel in self.live_channels
        return self.confirm_live_within if live else self.confirm_within


CURRENT = 1
"""The version that a case opened now keeps to."""

POLICIES: Mapping[int, Policy] = {
    1: Policy(
        acknowledge_within=timedelta(minutes=5),  # S15-S17: empathy at once
        assign_within=timedelta(minutes=15),  # S25: straight to who can decide
        confirm_within=timedelta(hours=24),
        confirm_live_within=timedelta(minutes=30),  # S19: said back while they are there
        offer_within=timedelta(hours=2),  # S22: an offer the same day
        live_channels=frozenset({Channel.PHONE, Channel.IN_PERSON, Channel.CHAT}),
        evidence_channels=frozenset({Channel.PHONE, Channel.IN_PERSON}),
        urgent_within=((timedelta(hours=24), 1), (timedelta(hours=48), 2), (timedelta(days=7), 3)),
        cause_priority={
            Cause.REFUND_NOT_CREDITED: 3,
            Cause.RUDE_SERVICE: 3,
            Cause.ACCOUNT_ACCESS: 3,
            Cause.OTHER: 5,
        },
        usual_priority=4,
        regular_from_orders=2,
        loyal_from_orders=5,
        # United Kingdom: Finance Act 1998, schedule 18, paragraph 21 (records for company tax).
        payment_record_years=6,
    ),
}
