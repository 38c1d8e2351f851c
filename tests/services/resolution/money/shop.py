"""The real merchant behind a line that breaks on command, for what is about money."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import Engine, delete, select

from amends.settings import Settings
from amends.v1 import resolution_service_pb2 as pb
from services.commerce import bootstrap, seed, tables
from tests.faults import Line
from tests.services.resolution.conftest import Resolution, new_id
from tests.services.resolution.neighbours import SHOP, pounds

SHOES, SHOES_PAID = "SM-20418", 6490
AT_ONCE, FAILS_AT_ONCE, FAILS_LATER = "SM-20102", "SM-20103", "SM-20104"
SILENT, COMES_BACK = "SM-20105", "SM-20106"
SLIPPERS = 3490
OWED, UNHEARD_OF = "SM-19640", "SM-19655"
CUSTOMERS = {SHOES: "C-1042", OWED: "C-5120", UNHEARD_OF: "C-5121"}
BANKING_DAYS = timedelta(days=6)
"""In these the bank has credited what it credits, whatever the weekday."""


@dataclass(frozen=True)
class Shop:
    """The merchant's own tables, and the line that its callers use."""

    engine: Engine
    line: Line

    def sent(self, order: str) -> list[tuple[str, int, str]]:
        """(key, pence, reference) of every refund of an order in its ledger."""
        query = select(tables.refunds).filter_by(tenant=SHOP, order_ref=order)
        with self.engine.connect() as conn:
            rows = conn.execute(query.order_by(tables.refunds.c.created_at)).all()
        return [(row.key, row.amount_minor, row.reference) for row in rows]

    def credits(self) -> list[Any]:
        """Every credit that was given."""
        with self.engine.connect() as conn:
            return list(conn.execute(select(tables.issued_credits)).all())

    def stock(self, sku: str) -> int:
        """How many are on the shelf."""
        query = select(tables.products.c.in_stock).filter_by(tenant=SHOP, sku=sku)
        with self.engine.connect() as conn:
            return int(conn.execute(query).scalar_one())

    def use(self, key: str, at: datetime) -> None:
        """The customer spends a credit at the checkout."""
        given = tables.issued_credits
        with self.engine.begin() as conn:
            conn.execute(given.update().filter_by(tenant=SHOP, key=key).values(used_at=at))


@contextmanager
def a_shop(environment: Mapping[str, str], clock: Path, now: datetime) -> Iterator[Shop]:
    """The reference merchant on PostgreSQL, as freshly sown at this moment."""
    mine = {"AMENDS_CLOCK_FILE": str(clock), "AMENDS_COMMERCE_ADDRESS": "127.0.0.1:0"}
    settings = Settings.of({**environment, **mine})
    bootstrap.make_tables(settings)
    engine, app = bootstrap.engine_of(settings), bootstrap.build(settings)
    with engine.begin() as conn:
        for table in reversed(tables.METADATA.sorted_tables):
            conn.execute(delete(table))
    seed.sow(engine, now)
    with Line(f"127.0.0.1:{app.server.start()}") as line:
        yield Shop(engine, line)
    app.server.stop()
    app.close()
    engine.dispose()


@dataclass(frozen=True)
class Money:
    """Cases about money at that shop."""

    resolution: Resolution
    shop: Shop

    def case(self, order: str = SHOES) -> str:
        """A case about an order of the shop, which Maya owns and nothing is needed by."""
        escalation = self.resolution.owned_case()
        self.resolution.intake.need_by = None
        self.resolution.intake.order = order
        self.resolution.intake.customer = CUSTOMERS.get(order, "C-6001")
        return escalation

    def offer(self, escalation: str, *remedies: pb.OfferedRemedy) -> list[str]:
        """The remedies that Maya offers and the customer accepts."""
        made = self.make(escalation, *remedies)
        self.resolution.answer(escalation, made.offer_id)
        return [one.remedy_id for one in made.remedies]

    def make(self, escalation: str, *remedies: pb.OfferedRemedy) -> pb.MakeOfferResponse:
        """Maya's offer."""
        request = pb.MakeOfferRequest(
            request_id=new_id(),
            escalation_id=escalation,
            remedies=remedies,
            explanation="It was sorted to the wrong depot.",
            apology="We are sorry.",
        )
        made: pb.MakeOfferResponse = self.resolution.as_maya("MakeOffer", request)
        return made

    def refund_of(self, order: str = SHOES, **how: Any) -> tuple[str, str]:  # noqa: ANN401 - a field of the remedy
        """A case with an accepted refund, all of it unless changed: the case, the remedy."""
        escalation = self.case(order)
        [remedy] = self.offer(escalation, refund(**how))
        return escalation, remedy

    def suggest(self, escalation: str) -> pb.SuggestRemediesResponse:
        """What Maya could offer."""
        request = pb.SuggestRemediesRequest(escalation_id=escalation)
        found: pb.SuggestRemediesResponse = self.resolution.as_maya("SuggestRemedies", request)
        return found

    def told(self, escalation: str, remedy: str) -> pb.OfferedRemedyState:
        """How GetResolution tells a remedy."""
        offers = self.resolution.get(escalation).offers
        [found] = [
            one for offer in offers for one in offer.remedies if one.remedy.remedy_id == remedy
        ]
        return found


def refund(**how: Any) -> pb.OfferedRemedy:  # noqa: ANN401 - a field of the remedy
    return pb.OfferedRemedy(kind="REMEDY_KIND_REFUND", **how)


def credit(kind: str = "COUPON", minor: int = 1000, **how: Any) -> pb.OfferedRemedy:  # noqa: ANN401 - a field of the remedy
    return pb.OfferedRemedy(kind=f"REMEDY_KIND_{kind}", amount=pounds(minor), **how)


def new_pair(**how: Any) -> pb.OfferedRemedy:  # noqa: ANN401 - a field of the remedy
    return pb.OfferedRemedy(kind="REMEDY_KIND_REPLACEMENT", shipping_service="standard", **how)


def instant(found: Timestamp) -> datetime:
    return found.ToDatetime(tzinfo=UTC)
