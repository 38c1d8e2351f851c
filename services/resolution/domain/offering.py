"""Offering: from what the owner wants to offer to remedies with the merchant's price and arrival.

Nothing here is remembered; it is done anew for every offer, before authority is set aside for it.
What money there is to send back says `paying.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.values.authority import Need
from amends.values.identity import DecisionMakerId, RemedyId
from amends.values.money import InvalidMoney, Money
from amends.values.refusal import InvalidField, Refusal
from amends.values.remedy import CREDITS, RefundMethod, RemedyKind
from services.resolution.domain.case import Case
from services.resolution.domain.compensating import may_replace
from services.resolution.domain.merchant import Goods, Order, Quote
from services.resolution.domain.paying import Till
from services.resolution.domain.remedies import Remedies
from services.resolution.domain.remedy import NO_REMEDY, Remedy, needs_of, share


class ShippingNotOffered(Refusal):
    """The merchant does not carry these goods this way now."""

    reason = "SHIPPING_NOT_OFFERED"

    def __init__(self, sku: str, offered: Sequence[str]) -> None:
        why = "this service does not carry it now" if offered else "it is out of stock"
        ways = f"one of {', '.join(offered)}" if offered else "another remedy"
        super().__init__(
            f"{sku} cannot be sent so: {why}; choose in its place {ways}",
            sku=sku,
            offered=",".join(offered),
        )


class ReshipNotFeasible(Refusal):
    """It would arrive after the customer needs it, and they did not agree to that (S38)."""

    reason = "RESHIP_NOT_FEASIBLE"

    def __init__(self, quote: Quote, need_by: datetime) -> None:
        super().__init__(
            f"{quote.service} arrives by {quote.arrives_by:%Y-%m-%d %H:%M} UTC, the customer needs "
            f"it before {need_by:%Y-%m-%d %H:%M} UTC; choose a faster service, offer something "
            "else, or set late_is_agreed where the customer agrees",
            shipping_service=quote.service,
            arrives_by=quote.arrives_by.isoformat(),
            need_by=need_by.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One remedy as the owner asks for it.

    `amount` is a credit's value, or how much of the payment goes back (None: all that is left);
    of a percentage off it is the most (None: the share of the order).
    """

    kind: RemedyKind
    sku: str = ""
    shipping_service: str = ""
    amount: Money | None = None
    percent: int = 0
    method: RefundMethod | None = None
    in_place_of: RemedyId = NO_REMEDY

    @property
    def needs_order(self) -> bool:
        """True where only the merchant's order says what it comes to."""
        if self.kind is RemedyKind.PERCENTAGE_OFF:
            return self.amount is None
        return self.kind not in CREDITS


@dataclass(frozen=True, slots=True)
class Use:
    """The authority that one remedy takes."""

    remedy: RemedyId
    need: Need


@dataclass(frozen=True, slots=True)
class Plan:
    """Remedies ready to be offered, and until when their shipping can be ordered."""

    remedies: tuple[Remedy, ...]
    cut_offs: tuple[datetime, ...]

    @property
    def uses(self) -> tuple[Use, ...]:
        """Everything that must be authorised, remedy by remedy."""
        return tuple(
            Use(remedy.remedy, need)
            for remedy in self.remedies
            for need in needs_of(remedy.kind, remedy.amount, remedy.exceptions)
        )

    def authorised(self, by: DecisionMakerId) -> tuple[Remedy, ...]:
        """The remedies, each exception in the name of who authorised it (S32)."""
        return tuple(
            replace(
                remedy,
                exceptions=tuple(replace(one, authorised_by=by) for one in remedy.exceptions),
            )
            for remedy in self.remedies
        )


def plan(  # noqa: PLR0913 - everything that an offer rests on
    case: Case,
    wanted: Sequence[Wanted],
    order: Order,
    standing: Remedies,
    *,
    late_is_agreed: bool,
    new_id: Callable[[int], RemedyId],
) -> Plan:
    """Every wanted remedy with the merchant's price and arrival.

    Raises:
        InvalidField: no such line, no service named, or in place of what cannot be replaced.
        InvalidMoney: a credit without a value, or money in another currency than was paid.
        ShippingNotOffered: the merchant does not offer that service now.
        ReshipNotFeasible: it arrives after the need-by and that is not agreed.
        RefundExceedsPayment, RefundMethodNotOffered: the merchant cannot send that back.
        RemedyNotFound: it would come in place of one that was never offered.
    """
    replaced = [one.in_place_of for one in wanted]
    may_replace(standing, replaced)
    till, remedies, cut_offs = Till.of(order, standing, replaced), [], []
    for n, one in enumerate(wanted):
        place, remedy = f"remedies[{n}]", new_id(n)
        _only_its_own(one, place)
        if one.kind is RemedyKind.REPLACEMENT:
            found, quote = _chosen(one, order.goods, place)
            if not late_is_agreed:
                _in_time(case, quote)
            remedies.append(_replacement(remedy, one, found, quote))
            cut_offs.append(quote.cut_off)
        elif one.kind is RemedyKind.REFUND:
            amount, method, till = till.give(one.amount, one.method, place)
            remedies.append(
                Remedy(remedy, one.kind, amount, method=method, in_place_of=one.in_place_of)
            )
        else:
            amount = _value(one, order, place)
            remedies.append(
                Remedy(remedy, one.kind, amount, percent=one.percent, in_place_of=one.in_place_of)
            )
    return Plan(tuple(remedies), tuple(cut_offs))


def _only_its_own(wanted: Wanted, field: str) -> None:
    """A field that its kind does not have would be passed over in silence."""
    if wanted.kind is RemedyKind.PERCENTAGE_OFF and not wanted.percent:
        raise InvalidField(f"{field}.percent", "must be 1 to 100: it is the share")
    if wanted.percent and wanted.kind is not RemedyKind.PERCENTAGE_OFF:
        raise InvalidField(f"{field}.percent", "belongs to a percentage off alone; leave it out")
    if wanted.method and wanted.kind is not RemedyKind.REFUND:
        raise InvalidField(f"{field}.method", "belongs to a refund alone; leave it out")


def _replacement(remedy: RemedyId, wanted: Wanted, goods: Goods, quote: Quote) -> Remedy:
    return Remedy(
        remedy=remedy,
        kind=RemedyKind.REPLACEMENT,
        amount=goods.line.value,
        sku=goods.line.sku,
        shipping=quote.shipping,
        exceptions=quote.exceptions(authorised_by=""),
        in_place_of=wanted.in_place_of,
    )


def _chosen(wanted: Wanted, goods: Sequence[Goods], field: str) -> tuple[Goods, Quote]:
    found = _line(wanted, goods, f"{field}.sku")
    if not wanted.shipping_service:
        raise InvalidField(f"{field}.shipping_service", "must name one of the suggested services")
    for quote in found.quotes:
        if quote.service == wanted.shipping_service:
            return found, quote
    offered = [quote.service for quote in found.quotes]
    raise ShippingNotOffered(found.line.sku, offered)


def _line(wanted: Wanted, goods: Sequence[Goods], field: str) -> Goods:
    """The line that is meant: by its sku, or the only one."""
    found = [one for one in goods if wanted.sku in {"", one.line.sku}]
    if len(found) != 1:
        known = ", ".join(one.line.sku for one in goods)
        raise InvalidField(field, f"must name one line of the order: {known}")
    return found[0]


def _value(wanted: Wanted, order: Order, field: str) -> Money:
    """What a credit is worth; a percentage off comes to its share where nothing less is named."""
    amount = wanted.amount
    if amount is None and wanted.percent and order.total is not None:
        amount = share(order.total, wanted.percent)
    if amount is None or amount.minor <= 0:
        place = f"{field}.amount"
        raise InvalidMoney(f"{place} must be above zero: it is what it is worth", field=place)
    return amount


def _in_time(case: Case, quote: Quote) -> None:
    if case.need_by is not None and not case.arrives_in_time(quote.arrives_by):
        raise ReshipNotFeasible(quote, case.need_by.by)
