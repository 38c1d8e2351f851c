"""The stores of all services with some cases in them, and Kafka beside them; to be tampered with.

Real databases with each service's own tables, real logs and inboxes, real records on Kafka; only
what is said is always the same, since no hash looks at the meaning.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url

from amends.clock import Clock
from amends.eventstore.codec import Codec
from amends.eventstore.engine import make_engine
from amends.eventstore.inbox import Inbox
from amends.eventstore.log import EventLog, Recorded
from amends.eventstore.records import Envelope
from amends.eventstore.sealing import Vault
from amends.eventstore.streams import StreamId, case_stream, directory_stream
from amends.kafka.producer import Producer
from amends.kafka.topics import SERVICES, declare, topic_of
from amends.rpc.alarms import ALARMS
from amends.settings import Settings
from amends.v1 import event_pb2
from amends.values.alarm import AlarmCleared, AlarmRaised, Alarms, ClearAlarm, RaiseAlarm
from amends.values.identity import (
    Actor,
    AlarmId,
    Call,
    DecisionMakerId,
    EscalationId,
    Role,
    Subject,
    Tenant,
)
from deploy.local.stack import Stack

SHOP = Tenant("shop")
CASE = case_stream(SHOP, EscalationId("esc_tampered"))
OTHER_CASE = case_stream(SHOP, EscalationId("esc_whole"))
PERSON = directory_stream(SHOP, DecisionMakerId("dm_maya"))
EACH = 6
"""Events that each service says in each case."""
_TABLES = ("events", "outbox", "answers", "inbox", "inbox_heads")


@dataclass
class Stores:
    """Everything that `amends verify` looks at."""

    settings: Settings
    _admin: str
    _touched: set[str] = field(default_factory=set)

    @classmethod
    def at(cls, stack: Stack) -> "Stores":
        """On a stack that has PostgreSQL and Kafka."""
        settings = Settings.of(stack.env())
        password = (stack.home.keys / "postgres.password").read_text().strip()
        return cls(settings, f"postgresql://amends:{password}@{stack.ports.address('postgres')}/")

    @contextmanager
    def tampering(self, service: str) -> Iterator[psycopg.Connection]:
        """The database of a service for one who may do everything, its guards put to sleep."""
        self._touched.add(service)
        with psycopg.connect(f"{self._admin}amends_{service}") as conn:
            conn.execute("SET session_replication_role = replica")
            yield conn

    @contextmanager
    def away(self, service: str) -> Iterator[None]:
        """The database of a service does not answer."""
        self._rename(f"amends_{service}", "elsewhere")
        yield
        self._rename("elsewhere", f"amends_{service}")

    def as_auditor(self) -> Settings:
        """Settings with a database user who may only read."""
        with psycopg.connect(f"{self._admin}postgres", autocommit=True) as conn:
            conn.execute("CREATE ROLE amends_auditor LOGIN PASSWORD 'reads'")
            conn.execute("GRANT pg_read_all_data TO amends_auditor")
            for service in SERVICES:
                grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO amends_auditor")
                conn.execute(grant.format(sql.Identifier(f"amends_{service}")))
        server = make_url(self._admin).set(
            username="amends_auditor",
            password="reads",  # noqa: S106 - of this test's own server
        )
        url = server.render_as_string(hide_password=False)
        return self.settings.model_copy(update={"database_url": url})

    def restore(self) -> None:
        """Everything that was touched is as it was before."""
        for service in set(self._touched):
            with self.tampering(service) as conn:
                for table in _TABLES:
                    name = sql.Identifier(table)
                    conn.execute(sql.SQL("DELETE FROM {}").format(name))
                    again = "INSERT INTO {0} OVERRIDING SYSTEM VALUE TABLE clean.{0}"
                    conn.execute(sql.SQL(again).format(name))
        self._touched.clear()

    def fill(self) -> None:
        """Makes the tables, lets every service speak, and every other one hear it."""
        engines = {}
        for service in SERVICES:
            app = import_module(f"services.{service}.bootstrap").build(self.settings)
            app.migrate()
            app.close()
            engines[service] = make_engine(self.settings.database_url_for(service))
        said = {service: _speak(service, engine) for service, engine in engines.items()}
        for service, engine in engines.items():
            _hear(engine, [one for other in SERVICES if other != service for one in said[other]])
        self.publish(said)
        for service, engine in engines.items():
            with engine.begin() as conn:
                conn.exec_driver_sql("UPDATE outbox SET published_at = now()")
            engine.dispose()
            self._remember(service)

    def go_on(self, service: str, listener: str) -> Envelope:
        """A service says one thing more in the case, and another one hears it."""
        self._touched |= {service, listener}
        engine = make_engine(self.settings.database_url_for(service))
        say(log_of(service, engine), CASE, EACH + 1)
        engine.dispose()
        last = self.said(service, CASE)[-1]
        engine = make_engine(self.settings.database_url_for(listener))
        _hear(engine, [last])
        engine.dispose()
        return last

    def said(self, service: str, stream: StreamId) -> list[Envelope]:
        """What a service said in one stream, as it travels."""
        engine = make_engine(self.settings.database_url_for(service))
        found = log_of(service, engine).read_stream(stream)
        engine.dispose()
        return [one.envelope(service) for one in found]

    def publish(self, said: Mapping[str, Sequence[Envelope]]) -> None:
        """Puts on Kafka what the services said."""
        declare(self.settings.kafka_bootstrap)
        for service, envelopes in said.items():
            producer = Producer(self.settings.kafka_bootstrap, topic_of(service))
            producer.publish(envelopes)
            producer.close()

    def _remember(self, service: str) -> None:
        with psycopg.connect(f"{self._admin}amends_{service}") as conn:
            conn.execute("CREATE SCHEMA clean")
            for table in _TABLES:
                made = sql.SQL("CREATE TABLE clean.{0} AS TABLE {0}")
                conn.execute(made.format(sql.Identifier(table)))

    def _rename(self, old: str, new: str) -> None:
        with psycopg.connect(f"{self._admin}postgres", autocommit=True) as conn:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            conn.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))


def log_of(service: str, engine: Engine) -> EventLog:
    """A service's log with no read models."""
    return EventLog(
        engine,
        Codec([AlarmRaised, AlarmCleared]),
        (),
        Vault(engine, bytes(32)),
        Clock(None),
        topic_source=service,
        wake=lambda *_: None,
    )


def say(log: EventLog, stream: StreamId, nth: int) -> None:
    """The nth event of a stream: an alarm is raised, or cleared."""
    now = Clock(None).now()
    raised = RaiseAlarm(AlarmId(f"alm_{nth}"), "TRIED", "it is over", now)
    call = Call(
        actor=Actor(Subject("workflow"), SHOP, Role.SERVICE),
        rpc="RaiseAlarm",
        request_id=str(uuid.uuid4()),
        request_digest=b"",
    )
    command = raised if nth % 2 else ClearAlarm("TRIED", now)
    log.decide(stream, ALARMS, command, call, respond=_respond)


def _respond(recorded: Recorded[Alarms]) -> event_pb2.ClearAlarmResponse:
    return event_pb2.ClearAlarmResponse(version=recorded.version)


def _speak(service: str, engine: Engine) -> list[Envelope]:
    log = log_of(service, engine)
    streams = [CASE, OTHER_CASE, *([PERSON] if service == "routing" else [])]
    for nth in range(1, EACH + 1):
        for stream in streams:
            say(log, stream, nth)
    return [one.envelope(service) for stream in streams for one in log.read_stream(stream)]


def _hear(engine: Engine, envelopes: Sequence[Envelope]) -> None:
    Inbox(engine, [], lambda *_: []).receive(envelopes)
