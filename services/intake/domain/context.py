"""Context: what the merchant knows about the order and the customer, as found and never guessed.

With what its departments did before and the refunds that were tried, so that nobody asks the
customer to tell it again and nothing is paid a second time (S20).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from amends.values.deadline import iana_zone
from amends.values.identity import EscalationId
from amends.values.money import Money
from amends.values.personal import Personal
from amends.values.remedy import RefundMethod
from services.intake.domain.case import Case, require_known
from services.intake.domain.policy import Policy


class CustomerValue(Enum):
    """How the merchant values the customer; UNKNOWN where there is no history (S21)."""

    UNKNOWN = auto()
    NEW = auto()
    REGULAR = auto()
    LOYAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineFound:
    """A line of the order; `price` is for one."""

    sku: str
    description: str
    quantity: int
    price: Money | None


class RefundState(Enum):
    """How a refund of the merchant stands; submitted and past `expected_by` nobody knows."""

    SUBMITTED = auto()
    SUCCEEDED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFound:
    """A refund of the order, whoever asked for it; `failure` is the merchant's code."""

    refund: str
    amount: Money | None
    method: RefundMethod | None
    state: RefundState | None
    requested_by: str
    created_at: datetime | None
    expected_by: datetime | None
    credited_at: datetime | None
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a department of the merchant did, in its own words."""

    at: datetime | None
    department: str
    what: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFound:
    """An act in the case; `about_order` is False where it was about another order, or none."""

    at: datetime | None
    department: str
    what: Personal[str]
    about_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound:
    """The order as the merchant has it; `paid` is what was taken and not given back."""

    ordered_at: datetime | None
    delivered_at: datetime | None
    total: Money | None
    paid: Money | None
    lines: tuple[OrderLineFound, ...]
    refunds: tuple[RefundFound, ...]
    history: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFound:
    """What the customer did before, and what was done for them."""

    orders: int
    claims: int
    zone: str
    history: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the merchant answered; None where it knows no such order or customer."""

    order: OrderFound | None
    history: HistoryFound | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContext:
    """Look it up and record what was found `at` that moment."""

    escalation: EscalationId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextRecorded:
    """What the merchant knows."""

    escalation: EscalationId
    order_found: bool
    ordered_at: datetime | None
    delivered_at: datetime | None
    order_total: Money | None
    paid: Money | None
    lines: tuple[OrderLineFound, ...]
    customer_value: CustomerValue
    orders_before: int
    claims_before: int
    found_at: datetime
    history: tuple[ActFound, ...]
    refunds: tuple[RefundFound, ...]
    zone: str


_NO_ORDER = OrderFound(
    ordered_at=None, delivered_at=None, total=None, paid=None, lines=(), refunds=(), history=()
)
_NO_HISTORY = HistoryFound(orders=0, claims=0, zone="", history=())
_EVER = datetime.min.replace(tzinfo=UTC)
_MOST = 50
_LONGEST = 2000  # characters


def decide(case: Case, command: RecordContext, found: Found) -> Sequence[ContextRecorded]:
    """What was found; a case whose order the merchant does not know goes on without it.

    Raises:
        EscalationNotFound: there is no such case.
    """
    require_known(case, command.escalation)
    order, history = found.order or _NO_ORDER, found.history or _NO_HISTORY
    return [
        ContextRecorded(
            escalation=command.escalation,
            order_found=found.order is not None,
            ordered_at=order.ordered_at,
            delivered_at=order.delivered_at,
            order_total=order.total,
            paid=order.paid,
            lines=order.lines,
            customer_value=value_of(case.policy, found.history),
            orders_before=history.orders,
            claims_before=history.claims,
            found_at=command.at,
            history=_acts(order.history, history.history),
            refunds=order.refunds[-_MOST:],
            zone=history.zone if iana_zone(history.zone) else "",
        )
    ]


def _acts(about_order: Sequence[Act], about_customer: Sequence[Act]) -> tuple[ActFound, ...]:
    """The latest of both, each once, oldest first; one without a time comes first."""
    both = [*about_order, *(one for one in about_customer if one not in about_order)]
    both.sort(key=lambda one: one.at or _EVER)
    return tuple(
        ActFound(
            at=one.at,
            department=one.department,
            what=Personal(one.what.value[:_LONGEST]),
            about_order=one in about_order,
        )
        for one in both[-_MOST:]
    )


def value_of(policy: Policy, history: HistoryFound | None) -> CustomerValue:
    """How the merchant values a customer with this history."""
    if history is None or not history.orders:
        return CustomerValue.UNKNOWN
    if history.orders >= policy.loyal_from_orders:
        return CustomerValue.LOYAL
    if history.orders >= policy.regular_from_orders:
        return CustomerValue.REGULAR
    return CustomerValue.NEW
