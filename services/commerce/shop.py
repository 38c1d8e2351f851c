"""The demo's shop: a shoe shop with customers, their orders, and what its desks did before.

All of it are facts relative to a moment, in days before it: see `seed`. Three orders are those of
the stories, whose references may be named; one customer (C-6001) has an order for each way that a
refund can go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from services.commerce.ledger import PaymentMethod
from services.commerce.provider import Fate

TENANT = "sole-mates"
ZONE = "Europe/London"
CURRENCY = "GBP"
SHOES = "SM-20418"
"""C1: the football shoes that came yesterday."""
PRESENT = "SM-20426"
"""C3: a birthday present that has not come; nothing reaches where it goes before one o'clock."""
OWED = "SM-19640"
"""C4: boots that came back; the refund of twelve days ago never reached the card."""


@dataclass(frozen=True, slots=True)
class Product:
    """Goods; `price` in minor units."""

    sku: str
    description: str
    price: int
    in_stock: int


@dataclass(frozen=True, slots=True)
class Customer:
    """`transfer` is what becomes of a bank transfer to them; None where no account is known."""

    reference: str
    name: str
    days_ago: int
    claims: int
    transfer: Fate | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One line, paid in full; `fate` is what becomes of money that goes back the way it came."""

    number: str
    customer: str
    sku: str
    service: str
    days_ago: int
    days_in_transit: int
    delivery_zone: str = "city"
    method: PaymentMethod = PaymentMethod.CARD
    fate: Fate = Fate.LATER


@dataclass(frozen=True, slots=True)
class EarlierRefund:
    """Everything that was paid for an order, sent back the way it came by a desk of the shop."""

    order: str
    desk: str
    days_ago: int
    fate: Fate

    @property
    def key(self) -> str:
        """What the desk looks it up by."""
        return f"finance-{self.order}"


@dataclass(frozen=True, slots=True)
class Note:
    """What a desk did about an order, in its own words."""

    order: str
    number: int
    days_ago: int
    hour: time
    desk: str
    what: str


@dataclass(frozen=True, slots=True)
class Stories:
    """The references of the orders that the stories are about: another one is another order."""

    shoes: str = SHOES
    present: str = PRESENT
    owed: str = OWED


PRODUCTS = (
    Product("FB-PREDATOR-42", "Football shoes Predator, size 42", 6490, in_stock=24),
    Product("RUN-FEATHER-42", "Running shoes Feather, size 42", 8900, in_stock=11),
    Product("HIKE-RIDGE-43", "Hiking boots Ridge, size 43", 12900, in_stock=6),
    Product("SLIPPER-FELT-38", "Felt slippers, size 38", 3490, in_stock=40),
    Product("BALLET-SILK-37", "Ballet shoes Silk, size 37, the last pair", 5200, in_stock=0),
    Product("DANCE-SALSA-39", "Dance shoes Salsa, size 39", 7450, in_stock=9),
)
PRICES: Mapping[str, int] = {product.sku: product.price for product in PRODUCTS}
CUSTOMERS = (
    Customer("C-1042", "Daniel Marsh", days_ago=1130, claims=1),
    Customer("C-2077", "Owen Price", days_ago=420, claims=0),
    Customer("C-3310", "Isla Macleod", days_ago=6, claims=0),
    Customer("C-4419", "Nora Whitfield", days_ago=260, claims=0),
    Customer("C-5120", "Graham Ellis", days_ago=610, claims=1, transfer=Fate.LATER),
    Customer("C-5121", "Agnes Doyle", days_ago=95, claims=0, transfer=Fate.AT_ONCE),
    Customer("C-6001", "Ruth Okafor", days_ago=300, claims=0),
)


def orders(stories: Stories) -> tuple[Order, ...]:
    """Every order, those of the stories first."""
    return (
        Order(stories.shoes, "C-1042", "FB-PREDATOR-42", "standard", 4, 3),
        Order(stories.present, "C-4419", "DANCE-SALSA-39", "standard", 3, 5, "national"),
        Order(stories.owed, "C-5120", "HIKE-RIDGE-43", "standard", 34, 3, "national"),
        *_ORDERS,
    )


_ORDERS = (
    Order("SM-19877", "C-1042", "RUN-FEATHER-42", "standard", 61, 3),
    Order("SM-17204", "C-1042", "FB-PREDATOR-42", "next-day", 212, 1),
    Order("SM-15630", "C-1042", "HIKE-RIDGE-43", "standard", 397, 3),
    Order("SM-12011", "C-1042", "RUN-FEATHER-42", "standard", 788, 3),
    Order("SM-20391", "C-2077", "SLIPPER-FELT-38", "standard", 5, 9, "national"),
    Order("SM-16118", "C-2077", "HIKE-RIDGE-43", "standard", 350, 3, "national"),
    Order("SM-20405", "C-3310", "BALLET-SILK-37", "standard", 6, 5, "islands"),
    Order("SM-18804", "C-4419", "SLIPPER-FELT-38", "standard", 120, 3, "national"),
    Order("SM-19655", "C-5121", "RUN-FEATHER-42", "standard", 33, 3),
    Order("SM-20101", "C-6001", "SLIPPER-FELT-38", "standard", 20, 3, fate=Fate.LATER),
    Order(
        "SM-20102",
        "C-6001",
        "SLIPPER-FELT-38",
        "standard",
        19,
        3,
        method=PaymentMethod.PAYPAL,
        fate=Fate.AT_ONCE,
    ),
    Order(
        "SM-20103",
        "C-6001",
        "SLIPPER-FELT-38",
        "standard",
        18,
        3,
        method=PaymentMethod.BANK_TRANSFER,
        fate=Fate.FAILS_AT_ONCE,
    ),
    Order("SM-20104", "C-6001", "SLIPPER-FELT-38", "standard", 17, 3, fate=Fate.FAILS_LATER),
    Order("SM-20105", "C-6001", "SLIPPER-FELT-38", "standard", 16, 3, fate=Fate.SILENT),
    Order("SM-20106", "C-6001", "SLIPPER-FELT-38", "standard", 15, 3, fate=Fate.COMES_BACK),
)


def earlier_refunds(stories: Stories) -> tuple[EarlierRefund, ...]:
    """Money that the shop's own desks sent back: one refund failed, of one nothing is heard."""
    return (
        EarlierRefund(stories.owed, "finance desk", 12, Fate.FAILS_LATER),
        EarlierRefund("SM-19655", "finance desk", 12, Fate.SILENT),
    )


def notes(stories: Stories) -> tuple[Note, ...]:
    """What each desk did each time, before the customer called again."""
    return (
        *_about(stories.owed, "The boots are back and as good as new.", "129.00 GBP"),
        *_about("SM-19655", "The running shoes are back, never worn.", "89.00 GBP"),
    )


def _about(order: str, goods: str, amount: str) -> tuple[Note, ...]:
    """Promised, sent, asked for, asked for again."""
    return (
        Note(order, 1, 16, time(11, 5), "returns desk", f"{goods} {amount} is due."),
        Note(
            order,
            2,
            12,
            time(14, 20),
            "finance desk",
            f"Sent {amount} to the card that paid; promised within five working days.",
        ),
        Note(
            order,
            3,
            7,
            time(9, 40),
            "phone support",
            "Asks where the money is. Told to wait three to five working days.",
        ),
        Note(
            order,
            4,
            2,
            time(16, 15),
            "phone support",
            "Asks again, upset. Passed on to finance; nobody has called back.",
        ),
    )
