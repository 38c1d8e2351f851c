"""The log keeps what was said: nobody changes it, nobody reads past what is not known."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url, text

from amends.eventstore.codec import Codec, UnknownEvent
from amends.eventstore.log import EventLog
from amends.eventstore.migrate import migrate
from amends.eventstore.read_models import rebuild
from amends.settings import SERVICES, Settings
from amends.values.alarm import AlarmRaised
from deploy.local.databases import OWNER, USERS
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack
from tests.eventstore.problems import PROBLEMS, Restatements
from tests.eventstore.world import Store, a_call, a_case, as_owner, fresh_database, rows
from tests.guarantees.databases import Database, folders_of

LOGS = SERVICES[:-1]
CHANGES = (
    "UPDATE events SET data = ''",
    "UPDATE events SET version = 9 WHERE false",
    "DELETE FROM events",
    "TRUNCATE events",
    "MERGE INTO events USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
)
WAYS_AROUND = (
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "DROP TRIGGER events_immutable ON events",
    "CREATE TRIGGER mine BEFORE INSERT ON events EXECUTE FUNCTION events_are_immutable()",
    "CREATE OR REPLACE FUNCTION events_are_immutable() RETURNS trigger RETURN NULL",
    "CREATE RULE mine AS ON INSERT TO events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "ALTER TABLE events DROP COLUMN hash",
    "ALTER TABLE events OWNER TO CURRENT_USER",
    "ALTER TABLE events RENAME TO others",
    "CREATE TABLE public.mine ()",
    "DROP TABLE events",
    "SET ROLE amends_owner",
    "SELECT setval('events_position_seq', 1)",
    "DELETE FROM answers",
    "UPDATE answers SET response = ''",
    "DELETE FROM inbox",
    "UPDATE inbox SET data = ''",
    "DELETE FROM outbox",
    "DELETE FROM person_keys",
    "DELETE FROM persons",
    "DELETE FROM alembic_version",
)


@pytest.fixture
def store(server: Stack) -> Iterator[Store]:
    made = Store.at(fresh_database(server))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def databases(server: Stack) -> dict[str, Database]:
    """One of each service, as its migration leaves it."""
    found = {service: Database(server, service) for service in SERVICES}
    for service, one in found.items():
        migrate(one.url, one.owner_url, folders_of(service))
    return found


@pytest.mark.parametrize("statement", [*CHANGES, *WAYS_AROUND])
def test_a_service_can_neither_change_what_was_said_nor_get_around_that(
    databases: dict[str, Database], statement: str
) -> None:
    for service in LOGS:
        with (
            psycopg.connect(databases[service].plain_url) as conn,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            conn.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_trigger_refuses_changes_to_the_owner_of_the_tables_too(
    store: Store, statement: str
) -> None:
    store.restate(a_case())
    before = rows(store.engine, "events")
    owner = as_owner(store.url)
    with owner.connect() as conn, pytest.raises(Exception, match="events are never changed"):
        conn.execute(text(statement))
    owner.dispose()
    assert rows(store.engine, "events") == before != []


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_touches_anothers_database(databases: dict[str, Database], service: str) -> None:
    for other, database in databases.items():
        address = database.address_for(service)
        if other == service:
            psycopg.connect(address).close()
            continue
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(address).close()


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_reaches_its_database_as_a_user_of_its_own(
    server: Stack, service: str
) -> None:
    settings = Settings.of(server.env())
    with psycopg.connect(settings.database_url_for(service).replace("+psycopg", "")) as conn:
        assert (conn.info.user, conn.info.dbname) == (f"amends_{service}", f"amends_{service}")
    assert make_url(settings.database_owner_url_for(service)).username == OWNER


def test_no_service_has_rights_over_the_server(server: Stack) -> None:
    asked = """
        SELECT rolname FROM pg_roles AS one WHERE rolname = ANY (%s) AND (
            rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
            OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = one.oid))
    """
    address = Postgres(server.home, server.ports).address(ADMIN)
    with psycopg.connect(address + "postgres") as conn:
        assert conn.execute(asked, [list(USERS)]).fetchall() == []
        there = conn.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", [list(USERS)]
        )
        assert there.fetchone() == (len(SERVICES),)


def test_an_own_event_that_is_unknown_stops_whoever_reads_it_and_nobody_else(
    store: Store,
) -> None:
    newer, older = a_case(), a_case()
    store.restate(newer)
    ours = Codec([AlarmRaised])
    log = EventLog(
        store.engine,
        ours,
        [Restatements()],
        store.vault,
        store.clock,
        topic_source="intake",
        wake=lambda *_: None,
    )
    before = rows(store.engine, "events"), rows(store.engine, "restatements")
    with pytest.raises(UnknownEvent, match=r"amends\.v1\.ProblemRestated is unknown here"):
        log.load(newer, PROBLEMS)
    with pytest.raises(UnknownEvent, match=r"a newer program wrote this log"):
        Store.restate(_with(store, log), newer, a_call())
    with pytest.raises(UnknownEvent):
        rebuild(store.engine, ours, [Restatements()])
    assert (rows(store.engine, "events"), rows(store.engine, "restatements")) == before
    assert log.load(older, PROBLEMS).version == 0
    assert [event.type for event in log.read_stream(newer)] == ["amends.v1.ProblemRestated"]


def _with(store: Store, log: EventLog) -> Store:
    return Store(store.url, store.engine, store.vault, store.clock, store.wake, log)
