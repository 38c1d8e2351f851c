"""The reference merchant as callers meet it: its gRPC server over a real PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import grpc
import pytest
from sqlalchemy import Engine, delete

from amends.clock import write_moved
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.signing import SigningKey
from amends.settings import Settings
from amends.v1 import commerce_service_pb2 as pb
from amends.v1.commerce_service_pb2_grpc import CommerceServiceStub
from amends.values.identity import Role, Tenant
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.commerce import bootstrap, seed, tables

LONDON = ZoneInfo("Europe/London")
SHOP = Tenant(seed.TENANT)


@dataclass(frozen=True)
class Merchant:
    """A running merchant whose business time stands at `saturday` and is moved by `move_to`."""

    engine: Engine
    saturday: datetime
    move_to: Callable[[datetime], None]
    _stub: CommerceServiceStub
    _token: str

    def ask(self, rpc: str, request: object, tenant: Tenant = SHOP) -> object:
        """The answer of an RPC called as a service."""
        metadata = (("authorization", f"Bearer {self._token}"), *as_tenant(tenant))
        return getattr(self._stub, rpc)(request, metadata=metadata, timeout=10)

    def replace(self, key: str, **changed: str) -> pb.Replacement:
        """Sends the football shoes again by the same-day courier, unless changed."""
        line = {"order": "SM-20418", "sku": "FB-PREDATOR-42", "service": "same-day-courier"}
        request = pb.CreateReplacementRequest(key=key, **{**line, **changed})
        answer = self.ask("CreateReplacement", request)
        assert isinstance(answer, pb.CreateReplacementResponse)
        return answer.replacement

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
        yield Merchant(engine, saturday, move_to, CommerceServiceStub(channel), token)
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
