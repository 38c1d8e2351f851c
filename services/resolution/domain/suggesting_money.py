"""Money that could be sent back: what is left, by a way that has not failed, and nothing twice."""

from collections.abc import Sequence
from datetime import datetime

from amends.values.money import Money
from amends.values.remedy import RefundMethod, RemedyKind
from services.resolution.domain.merchant import Refund, RefundState
from services.resolution.domain.suggestion import Situation, Suggestion

_WAY = {
    RefundMethod.ORIGINAL_PAYMENT: "the way it was paid",
    RefundMethod.BANK_TRANSFER: "to the customer's bank account",
}


def refunds(known: Situation) -> Sequence[Suggestion]:
    """One for each way in which money can go back; none where nothing is left."""
    till = known.till
    if till.left is None or till.left.minor <= 0:
        return ()
    amount = _amount(known, till.left)
    tried = {one.method for one in failed(known)}
    fresh = [way for way in till.methods if way not in tried]
    return [_refund(known, amount, way) for way in fresh or till.methods]


def failed(known: Situation) -> Sequence[Refund]:
    """Earlier refunds that did not reach the customer, or came back."""
    return [one for one in known.order.refunds if one.state is RefundState.FAILED]


def on_its_way(known: Situation) -> str:
    """What is said of money that is neither credited nor failed; empty where there is none."""
    return "; ".join(
        _waits(known, one) for one in known.order.refunds if one.state is RefundState.SUBMITTED
    )


def _amount(known: Situation, left: Money) -> Money:
    """What the customer asks back, or all that is left."""
    asked = known.sought.amount if RemedyKind.REFUND in known.sought.kinds else None
    same = asked is not None and asked.currency == left.currency and asked.minor > 0
    return min(asked, left) if asked is not None and same else left


def _refund(known: Situation, amount: Money, way: RefundMethod) -> Suggestion:
    return Suggestion(
        kind=RemedyKind.REFUND,
        amount=amount,
        cost=amount,
        in_time=True,
        within_authority=known.covers(RemedyKind.REFUND, amount),
        why="; ".join(filter(None, (_why(known, amount, way), on_its_way(known)))),
        method=way,
    )


def _why(known: Situation, amount: Money, way: RefundMethod) -> str:
    back = f"{amount} back {_WAY[way]}"
    earlier = failed(known)
    if not earlier:
        return back
    last = earlier[-1]
    reason = f" ({last.failure})" if last.failure else ""
    fell_through = f"the refund of {last.amount} by {last.requested_by} failed{reason}"
    if way is last.method:
        return f"{fell_through} and no other way is known: ask for a bank account before {back}"
    return f"{fell_through}: {back} instead"


def _waits(known: Situation, one: Refund) -> str:
    by = _day(known, one.expected_by)
    if one.expected_by <= known.at:
        return (
            f"{one.amount} sent by {one.requested_by} should have been credited by {by}: ask the "
            "payment provider, it is not sent again"
        )
    return (
        f"{one.amount} sent by {one.requested_by} is on its way and expected by {by}: wait until "
        "then, it is not sent again"
    )


def _day(known: Situation, at: datetime) -> str:
    return f"{at.astimezone(known.zone):%A %d %B %H:%M}"
