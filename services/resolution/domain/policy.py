"""Every duration and amount of resolution, by the policy version that the case was opened under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.values.case import Channel

_LIVE = frozenset({Channel.PHONE, Channel.CHAT, Channel.IN_PERSON})


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules; a case keeps to its own for ever."""

    offer_by: timedelta
    """After a no, a lapse or a failure: until a new offer should be made."""
    offer_open: timedelta
    """How long a customer may think an offer over."""
    carry_out_by: timedelta
    """After acceptance: until every remedy must have been started (S45)."""
    answer_by: timedelta
    """After acceptance: until the answer must have been sent (S48)."""
    deliver_live: timedelta
    """Until it is said, where the customer waits on the line."""
    deliver_later: timedelta
    """Until it is delivered elsewhere."""
    look_again_unshipped: timedelta
    look_again_on_the_way: timedelta
    """How soon the merchant is asked again where what was promised did not happen yet."""
    look_at_refund: timedelta
    """How often a refund is looked at until it is credited, whatever is expected (S44)."""
    look_before_overdue: timedelta
    """So that nothing is called overdue that was credited in time."""
    coupon_percent: int
    """The coupon that is suggested, as a share of the goods' price (S41)."""
    gift_percent: int
    """The gift certificate, likewise: more, since nothing arrives in time."""
    percentage_off: int
    """The share of the next order."""
    approve_within: timedelta
    """Until another holder should have decided about a draft."""
    warn_before: timedelta
    """How long before a promise is due it is at risk, at the least, where there is room (S52)."""

    def deliver_within(self, channel: Channel, *, at_once: bool) -> timedelta:
        """How long the platform may take; at once only where the customer waits."""
        return self.deliver_live if at_once and channel in _LIVE else self.deliver_later

    def offer_until(self, at: datetime, cut_offs: tuple[datetime, ...]) -> datetime:
        """Until when an offer made now is open: never past the cut-off of its shipping (S38)."""
        return min((at + self.offer_open, *cut_offs))

    def look_at_money(self, expected_by: datetime, at: datetime) -> datetime:
        """When to look at a refund again: also just before it is overdue, and when it should be."""
        looks = (expected_by - self.look_before_overdue, expected_by, at + self.look_at_refund)
        return min(look for look in looks if look > at)

    def approve_by(self, at: datetime, cut_off: datetime | None) -> datetime:
        """Another holder leaves the customer half of what is left before the cut-off."""
        usual = at + self.approve_within
        return usual if cut_off is None else min(usual, at + (cut_off - at) / 2)

    def warn_by(self, at: datetime, due_by: datetime) -> datetime:
        """A quarter of the time before it is due; of a short time, half of it at the most."""
        left = due_by - at
        return due_by - max(left / 4, min(self.warn_before, left / 2))


POLICIES: Mapping[int, Policy] = {
    1: Policy(
        offer_by=timedelta(hours=2),
        offer_open=timedelta(hours=48),
        carry_out_by=timedelta(minutes=30),
        answer_by=timedelta(hours=1),
        deliver_live=timedelta(minutes=15),
        deliver_later=timedelta(hours=24),
        look_again_unshipped=timedelta(minutes=15),
        look_again_on_the_way=timedelta(minutes=30),
        look_at_refund=timedelta(hours=12),
        look_before_overdue=timedelta(hours=1),
        coupon_percent=10,
        gift_percent=25,
        percentage_off=20,
        approve_within=timedelta(hours=1),
        warn_before=timedelta(minutes=15),
    ),
}
"""Versions are never changed, only added."""


def next_look(promised: datetime | None, at: datetime, otherwise: timedelta) -> datetime:
    """When it was promised, or `otherwise` from now where that is not known or has passed."""
    return promised if promised is not None and promised > at else at + otherwise
