"""A wire that does what wires do, and services that listen to it: what the wire's tests share.

A twin is a service with a database and a Kafka of its own. It holds the log of the service of the
whole stack whose twin it is, hears what the test puts on its Kafka, and asks the whole stack's
owners for what is missing.
"""

# ruff: noqa: S608 - every name in a statement is spelled here or in the catalogue

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from random import Random

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import RetriableError
from kafka.structs import OffsetAndMetadata
from sqlalchemy import Connection, Engine, text

from amends.eventstore.engine import make_engine
from amends.eventstore.reading import read_stream
from amends.eventstore.received import of_stream
from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId
from amends.kafka.producer import Producer
from amends.kafka.topics import SERVICES, declare, topic_of
from amends.process import App
from amends.settings import Settings
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack

Rows = dict[str, list[str]]
"""The rows of each table as text, sorted."""

_LOG = {
    "events": "stream_id = ANY(%s)",
    "outbox": "position IN (SELECT position FROM events WHERE stream_id = ANY(%s))",
    "answers": "CAST(%s AS text[]) IS NOT NULL",
    "persons": "CAST(%s AS text[]) IS NOT NULL",
}
_OWN = {
    "events",
    "outbox",
    "answers",
    "persons",
    "person_keys",
    "alembic_version",
    "parked",
    "outbox_topic",
}
# Where a row stands and when it came differs from one delivery to the next.
_PASSING = ("position", "tx", "received_at")


def settings_of(stack: Stack, own: Stack) -> Settings:
    """The stack's services, seen from a database server and a Kafka of one's own."""
    mine, theirs = own.env(), dict(stack.env())
    for name in ("AMENDS_DATABASE_URL", "AMENDS_DATABASE_OWNER_URL", "AMENDS_KAFKA_BOOTSTRAP"):
        theirs[name] = mine[name]
    return Settings.of(theirs)


def app_of(service: str, settings: Settings) -> App:
    app: App = import_module(f"services.{service}.bootstrap").build(settings)
    return app


def admin_of(stack: Stack, service: str) -> psycopg.Connection:
    """The database of a service for one who may do everything."""
    return psycopg.connect(Postgres(stack.home, stack.ports).address(ADMIN) + f"amends_{service}")


def copy_log(stack: Stack, own: Stack, service: str, streams: Sequence[str]) -> None:
    """What the service said in these streams, with what it remembers of its calls."""
    with admin_of(stack, service) as theirs, admin_of(own, service) as mine:
        for table, where in _LOG.items():
            rows = theirs.execute(f"SELECT * FROM {table} WHERE {where}", [list(streams)])
            names = [column.name for column in rows.description or ()]
            with mine.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        mine.execute("SELECT setval('events_position_seq', 1000000)")


def said(settings: Settings, service: str, *streams: StreamId) -> list[Envelope]:
    """Everything that a service said in these streams, one after the other, as it travels."""
    engine = make_engine(settings.database_url_for(service))
    with engine.connect() as conn:
        found = [one for stream in streams for one in read_stream(conn, stream)]
    engine.dispose()
    return [one.envelope(service) for one in found]


def received(engine: Engine, stream: StreamId) -> list[Envelope]:
    """What a service keeps of what the others said in a stream."""
    with engine.connect() as conn:
        return of_stream(conn, stream, dict.fromkeys(SERVICES, 0))


def garbled(told: Sequence[Envelope], chance: Random) -> list[Envelope]:
    """Everything twice, a third of it lost, in any order; of each stream the last comes through."""
    wire = [one for one in (*told, *told) if chance.random() > 1 / 3]
    chance.shuffle(wire)
    last = {(one.source, one.stream): one for one in told}
    return [*wire, *last.values()]


def publish(bootstrap: str, envelopes: Sequence[Envelope]) -> None:
    """One after another, each to its service's topic."""
    declare(bootstrap)
    for service in SERVICES:
        producer = Producer(bootstrap, topic_of(service))
        mine = [one for one in envelopes if one.source == service]
        if mine:
            producer.publish(mine)
        producer.close()


@contextmanager
def consuming(*apps: App) -> Iterator[None]:
    """The services' own consumers run meanwhile, once per app."""
    stop = threading.Event()
    threads = [threading.Thread(target=app.loops["consume"], args=(stop,)) for app in apps]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        for app in apps:
            app.close()


class Offsets:
    """Where a service's consumer stands on its topics."""

    def __init__(self, bootstrap: str, service: str, sources: Sequence[str]) -> None:
        self._admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        self._kafka = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        self._group = f"amends.{service}"
        self._places = [
            TopicPartition(topic_of(source), number)
            for source in sources
            for number in self._kafka.partitions_for_topic(topic_of(source)) or ()
        ]

    def is_through(self) -> bool:
        """Whether it has committed everything that there is."""
        ends = self._kafka.end_offsets(self._places)
        try:
            found = self._admin.list_group_offsets(self._group)[self._group]
        except RetriableError:  # there is no group yet
            return False
        reached = {place: at.offset for place, at in found.items()}
        return all(reached.get(place, 0) == end for place, end in ends.items())

    def set_back(self) -> None:
        """To offset 0; while it is stopped."""
        offsets = {place: OffsetAndMetadata(0, "", -1) for place in self._places}
        self._admin.alter_group_offsets(self._group, offsets)

    def close(self) -> None:
        self._kafka.close(autocommit=False)
        self._admin.close()


def fed_tables(engine: Engine) -> list[str]:
    """Every table but those that only the service's own calls write."""
    with engine.connect() as conn:
        names = conn.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        ).scalars()
        return [name for name in names if name not in _OWN]


def dump(engine: Engine, like: Rows | None = None) -> Rows:
    """Every row of every table that is made of events, byte for byte; `like` names which rows."""
    found: Rows = {}
    with engine.connect() as conn:
        for table in fed_tables(engine):
            key = ", ".join(_key(conn, table))
            rows = conn.execute(
                text(
                    f"SELECT jsonb_build_array({key})::text AS key, "
                    f"(to_jsonb(t) - CAST(:passing AS text[]))::text AS row FROM {table} AS t"
                ),
                {"passing": list(_PASSING)},
            ).all()
            wanted = None if like is None else {row.split("\t")[0] for row in like[table]}
            found[table] = sorted(
                f"{row.key}\t{row.row}" for row in rows if wanted is None or row.key in wanted
            )
    return found


def _key(conn: Connection, table: str) -> list[str]:
    """The columns of its primary key."""
    return list(
        conn.execute(
            text("""
                SELECT attname FROM pg_index JOIN pg_attribute
                    ON attrelid = indrelid AND attnum = ANY(indkey)
                WHERE indrelid = CAST(:table AS regclass) AND indisprimary ORDER BY attnum
            """),
            {"table": table},
        ).scalars()
    )


def until(condition: Callable[[], bool], what: str, within: float = 45.0) -> None:
    """Looks until it holds."""
    pause = threading.Event()
    for _ in range(int(within / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    raise TimeoutError(f"not within {within} s: {what}")


def somebody_waits(engine: Engine) -> bool:
    """For a lock that somebody else's transaction holds."""
    with engine.connect() as conn:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(conn.execute(waiting).scalar_one())


def heads_of(engine: Engine) -> dict[tuple[str, str], int]:
    """How far a service has come in each stream of the others."""
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT source, stream_id, version FROM inbox_heads"))
        return {(row.source, row.stream_id): row.version for row in rows}


def has_heard(engine: Engine, heads: Mapping[tuple[str, str], int]) -> bool:
    """Whether a service has come that far in each stream."""
    found = heads_of(engine)
    return all(found.get(key, 0) >= version for key, version in heads.items())
