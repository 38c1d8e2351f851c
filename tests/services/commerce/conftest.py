"""The reference merchant as callers meet it: its gRPC server over a real PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import money_pb2
from sqlalchemy import Engine, delete

from amends.clock import write_moved
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.signing import SigningKey
from amends.rpc.status import refusal_of
from amends.settings import Settings
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Role, Tenant
from amends.values.money import Money
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.commerce import bootstrap, seed, shop, tables

LONDON = ZoneInfo("Europe/London")
SHOP = Tenant(shop.TENANT)


def moment(found: Timestamp) -> datetime:
    return found.ToDatetime(tzinfo=UTC)


def pounds(minor: int) -> money_pb2.Money:
    """So many pence on the wire."""
    units, nanos = Money("GBP", minor).to_units()
    return money_pb2.Money(currency_code="GBP", units=units, nanos=nanos)


def pence(found: money_pb2.Money) -> int:
    return Money.of_units(found.currency_code, found.units, found.nanos, field="").minor


def refused(reason: str) -> "pytest.RaisesExc[grpc.RpcError]":
    return pytest.RaisesExc(grpc.RpcError, check=lambda error: refusal_of(error).reason == reason)


@dataclass(frozen=True)
class Merchant:
    """A running merchant whose business time stands at `saturday` and is moved by `move_to`."""

    engine: Engine
    saturday: datetime
    move_to: Callable[[datetime], None]
    address: str
    _stub: CommerceServiceStub
    _token: str

    def ask(self, rpc: str, request: object, tenant: Tenant = SHOP, timeout: float = 20) -> object:
        """The answer of an RPC called as a service."""
        metadata = (("authorization", f"Bearer {self._token}"), *as_tenant(tenant))
        return getattr(self._stub, rpc)(request, metadata=metadata, timeout=timeout)

    @contextmanager
    def through(self, address: str) -> Iterator["Merchant"]:
        """The same merchant, called at another address."""
        with grpc.insecure_channel(address) as channel:
            yield replace(self, address=address, _stub=CommerceServiceStub(channel))

    def replace(self, key: str, **changed: str) -> pb.Replacement:
        """Sends the football shoes again by the same-day courier, unless changed."""
        line = {"order": "SM-20418", "sku": "FB-PREDATOR-42", "service": "same-day-courier"}
        request = pb.CreateReplacementRequest(key=key, **{**line, **changed})
        answer = self.ask("CreateReplacement", request)
        assert isinstance(answer, pb.CreateReplacementResponse)
        return answer.replacement

    def refund(
        self, key: str, minor: int, order: str = "SM-20418", method: str = "ORIGINAL_PAYMENT"
    ) -> pb.Refund:
        """Sends so many pence back."""
        request = pb.CreateRefundRequest(
            key=key,
            order=order,
            amount=pounds(minor),
            method=f"REFUND_METHOD_{method}",
        )
        answer = self.ask("CreateRefund", request)
        assert isinstance(answer, pb.CreateRefundResponse)
        return answer.refund

    def find_refund(self, key: str) -> pb.Refund:
        """The refund as it stands now."""
        answer = self.ask("GetRefund", pb.GetRefundRequest(key=key))
        assert isinstance(answer, pb.GetRefundResponse)
        return answer.refund

    def order(self, order: str = "SM-20418") -> pb.GetOrderResponse:
        """The order as it stands now."""
        answer = self.ask("GetOrder", pb.GetOrderRequest(order=order))
        assert isinstance(answer, pb.GetOrderResponse)
        return answer

    def stock(self, sku: str) -> int:
        """How many are on the shelf."""
        with self.engine.connect() as conn:
            query = tables.products.select().filter_by(tenant=SHOP, sku=sku)
            return int(conn.execute(query).one().in_stock)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with Stack(tmp_path_factory.mktemp("commerce"), Ports.free(), programs=["postgres"]) as stack:
        yield stack.env()


@pytest.fixture
def settings(environment: Mapping[str, str], tmp_path: Path) -> Settings:
    """A clock of its own for each test; business time only grows."""
    changed = {
        "AMENDS_CLOCK_FILE": str(tmp_path / "clock"),
        "AMENDS_COMMERCE_ADDRESS": "127.0.0.1:0",
    }
    return Settings.of({**environment, **changed})


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    built = bootstrap.build(settings)
    yield built
    built.close()


@pytest.fixture
def merchant(settings: Settings, app: App) -> Iterator[Merchant]:
    assert settings.signing_key_file is not None
    assert settings.clock_file is not None
    clock = settings.clock_file
    engine = an_empty_shop(settings)

    def move_to(moment: datetime) -> None:
        write_moved(clock, (moment - datetime.now(UTC)).total_seconds())

    saturday = _next_saturday()
    seed.sow(engine, saturday)
    move_to(saturday)
    port = app.server.start()
    token = SigningKey.read(settings.signing_key_file).mint("resolution", "*", [Role.SERVICE])
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = CommerceServiceStub(channel)
        yield Merchant(engine, saturday, move_to, f"127.0.0.1:{port}", stub, token)
    app.server.stop()
    engine.dispose()


def an_empty_shop(settings: Settings) -> Engine:
    bootstrap.make_tables(settings)
    engine = bootstrap.engine_of(settings)
    with engine.begin() as conn:
        for table in reversed(tables.METADATA.sorted_tables):
            conn.execute(delete(table))
    return engine


def _next_saturday() -> datetime:
    """15:10 in London on a Saturday that is still to come."""
    today = datetime.now(LONDON).date()
    day = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    return datetime.combine(day, time(15, 10), tzinfo=LONDON).astimezone(UTC)
