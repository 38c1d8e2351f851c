"""Wires the reference merchant; building it connects to nothing."""

import hashlib
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from amends.clock import Clock
from amends.eventstore.engine import database_clock, make_engine, reader
from amends.eventstore.migrate import migrate
from amends.process import App
from amends.rpc.server import Server
from amends.rpc.tokens import Tokens
from amends.settings import SettingMissing, Settings
from amends.v1.commerce_service_pb2_grpc import add_CommerceServiceServicer_to_server
from services.commerce import seed
from services.commerce.creation_list import CreationList
from services.commerce.credits import Credits
from services.commerce.refunds import Refunds
from services.commerce.replacements import Replacements
from services.commerce.returns import Returns
from services.commerce.servicer import CommerceServicer
from services.commerce.shop import Stories
from services.commerce.store import Store

NAME = "commerce"
MIGRATIONS = Path(__file__).with_name("migrations")


def build(settings: Settings) -> App:
    """The merchant as a process: its tables with the demo's shop in them, and its server."""
    engine = engine_of(settings)
    clock = Clock(database_clock(settings.database_url_for(NAME)), settings.clock_file)
    return App(
        server=_server(settings, engine, clock),
        migrate=partial(_migrate, settings, engine, clock),
        reach=partial(_reach, engine),
        close=engine.dispose,
    )


def sow(settings: Settings, at: datetime, stories: Stories, tenant: str) -> None:
    """Makes the demo's shop stand as it would at a moment."""
    make_tables(settings)
    engine = engine_of(settings)
    seed.sow(engine, at, stories, tenant)
    engine.dispose()


def engine_of(settings: Settings) -> Engine:
    """The merchant's own database."""
    return make_engine(settings.database_url_for(NAME))


def make_tables(settings: Settings) -> None:
    """Makes the tables that are missing; harmless when repeated or done twice at once."""
    url, owner_url = settings.database_url_for(NAME), settings.database_owner_url_for(NAME)
    migrate(url, owner_url, [MIGRATIONS])


def _server(settings: Settings, engine: Engine, clock: Clock) -> Server:
    server = Server(
        settings.address_of(NAME),
        tokens=Tokens(_jwks(settings)),
        digest=_digest,
        now=clock.now,
    )
    servicer = CommerceServicer(
        Store(engine, clock.now),
        Replacements(engine, clock.now),
        Refunds(engine, clock.now),
        Credits(engine, clock.now),
        Returns(engine, clock.now),
        CreationList(engine, clock.now),
    )
    server.add(add_CommerceServiceServicer_to_server, servicer)
    return server


def _migrate(settings: Settings, engine: Engine, clock: Clock) -> None:
    make_tables(settings)
    seed.sow_where_empty(engine, clock.now())


def _reach(engine: Engine) -> None:
    with reader(engine).connect() as conn:
        conn.execute(text("SELECT 1"))


def _digest(request: bytes) -> bytes:
    """Not asked for: no request of the merchant has a request_id; keys have their own digest."""
    return hashlib.sha256(request).digest()


def _jwks(settings: Settings) -> Path:
    if settings.jwks_file is None:
        raise SettingMissing("AMENDS_JWKS_FILE")
    return settings.jwks_file
