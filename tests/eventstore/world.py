"""One service's store as bootstrap wires it, and what its tests call it with."""

import random
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy import Engine, create_engine, make_url, text

from amends.clock import Clock
from amends.eventstore.engine import database_clock, make_engine
from amends.eventstore.inbox import Fetch
from amends.eventstore.log import EventLog
from amends.eventstore.migrate import STORE, migrate
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import SealedText, Vault
from amends.eventstore.streams import StreamId, case_stream, stream_of
from amends.eventstore.watch import Wake
from amends.v1 import intake_service_pb2
from amends.values.identity import (
    Actor,
    Call,
    CustomerDigest,
    EscalationId,
    Role,
    Subject,
    Tenant,
)
from amends.values.personal import Personal
from deploy.local.databases import OWNER
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack
from tests.eventstore.problems import PROBLEMS, TABLES, Restate, Restatements, codec, respond

SHOP = Tenant("shop")
ANN = CustomerDigest("digest-of-ann")
MASTER_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Store:
    """One service's store, as bootstrap wires it."""

    url: str
    engine: Engine
    vault: Vault
    clock: Clock
    wake: Wake
    log: EventLog

    @classmethod
    def at(cls, url: str) -> "Store":
        engine = make_engine(url)
        clock = Clock(database_clock(url))
        wake = Wake()
        vault = Vault(engine, MASTER_KEY)
        log = EventLog(
            engine,
            codec(),
            [Restatements()],
            vault,
            clock,
            topic_source="intake",
            wake=wake.notify,
        )
        return cls(url, engine, vault, clock, wake, log)

    def restate(
        self,
        stream: StreamId,
        call: Call | None = None,
        words: str = "it squeaks",
        person: CustomerDigest | None = ANN,
    ) -> intake_service_pb2.RestateProblemResponse:
        """The straight way."""
        command = Restate(EscalationId(stream.subject), Personal(words), self.clock.now())
        return self.log.decide(
            stream, PROBLEMS, command, call or a_call(), respond=respond, person=person
        )


def fresh_database(server: Stack) -> str:
    """A database with the store's tables and this domain's; its address for intake's user."""
    ours, name = Postgres(server.home, server.ports), f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(ours.address(ADMIN) + "postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    url, owner_url = ours.url.replace("{service}", "intake") + name, ours.owner_url + name
    owner = create_engine(owner_url)
    TABLES.create_all(owner)
    owner.dispose()
    migrate(url, owner_url, [STORE])
    return url


def as_owner(url: str) -> Engine:
    """The same database as the user who owns its tables."""
    return create_engine(make_url(url).set(username=OWNER))


def a_call(request_id: str = "", *, body: bytes = b"body", expected_version: int = 0) -> Call:
    actor = Actor(Subject("alice"), SHOP, Role.HANDLER)
    return Call(
        actor,
        "RestateProblem",
        request_id or str(uuid.uuid4()),
        body,
        expected_version=expected_version,
    )


def a_case() -> StreamId:
    return case_stream(SHOP, EscalationId(f"esc_{uuid.uuid4().hex}"))


def fetch_from(store: Store) -> Fetch:
    """ReadEvents of the store, without gRPC."""

    def fetch(source: str, tenant: Tenant, subject: str, after_version: int) -> Sequence[Envelope]:
        found = store.log.read_stream(stream_of(tenant, subject), after_version)
        return [one.envelope(source) for one in found]

    return fetch


def said(store: Store, case: StreamId) -> list[Envelope]:
    """Everything that was said in a case, as it travels."""
    return [one.envelope("intake") for one in store.log.read_stream(case)]


def sealed(words: Personal[str]) -> SealedText:
    """Words as everyone holds them after they were recorded."""
    held: object = words.value
    assert isinstance(held, SealedText)
    return held


def dice() -> tuple[int, random.Random]:
    """(seed, chance): the seed stands in the message of what fails."""
    seed = secrets.randbelow(10**6)
    return seed, random.Random(seed)  # noqa: S311 - a test's dice


def rows(engine: Engine, table: str) -> list[tuple[object, ...]]:
    """All rows of a table, in an order that only depends on them."""
    with engine.connect() as conn:
        found = conn.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - names of this test
        return sorted((tuple(row) for row in found), key=repr)
