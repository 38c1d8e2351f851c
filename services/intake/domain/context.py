"""Context: what the merchant knows about the order and the customer, as found and never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from amends.values.identity import EscalationId
from amends.values.money import Money
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound:
    """The order as the merchant has it; `paid` is what was taken and not given back."""

    ordered_at: datetime | None
    delivered_at: datetime | None
    total: Money | None
    paid: Money | None
    lines: tuple[OrderLineFound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFound:
    """What the customer did before."""

    orders: int
    claims: int


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


_NOTHING = OrderFound(ordered_at=None, delivered_at=None, total=None, paid=None, lines=())


def decide(case: Case, command: RecordContext, found: Found) -> Sequence[ContextRecorded]:
    """What was found; a case whose order the merchant does not know goes on without it.

    Raises:
        EscalationNotFound: there is no such case.
    """
    require_known(case, command.escalation)
    order = found.order or _NOTHING
    history = found.history or HistoryFound(orders=0, claims=0)
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
        )
    ]


def value_of(policy: Policy, history: HistoryFound | None) -> CustomerValue:
    """How the merchant values a customer with this history."""
    if history is None or not history.orders:
        return CustomerValue.UNKNOWN
    if history.orders >= policy.loyal_from_orders:
        return CustomerValue.LOYAL
    if history.orders >= policy.regular_from_orders:
        return CustomerValue.REGULAR
    return CustomerValue.NEW
