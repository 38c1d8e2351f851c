"""Revisions: up from every release with its cases in it, and exactly to what the program knows."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from sqlalchemy import MetaData, create_engine

from amends.client import Caller, MintedToken, new_request_id, whole_case
from amends.eventstore import reading, schema
from amends.eventstore.codec import Codec
from amends.eventstore.engine import make_engine
from amends.eventstore.migrate import STORE, DatabaseIsNewer, heads, migrate
from amends.eventstore.reading import START
from amends.eventstore.records import FIRST
from amends.eventstore.streams import StreamId
from amends.process import App
from amends.settings import SERVICES, Settings
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import resolution_service_pb2, types_pb2
from amends.values.identity import Role, Tenant
from deploy.demo.cast import wait_for
from deploy.local import databases
from deploy.local.home import CHECKOUT
from deploy.local.ports import Ports
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.stack import Stack
from tests.guarantees.databases import Database, catalogue, folders_of

RELEASES = sorted(Path(__file__).with_name("released").glob("v*"))
LOGS = SERVICES[:-1]
TENANT = Tenant("sole-mates")

_ALONE = "SELECT pg_advisory_xact_lock(hashtext('amends migrate'))"
_WAITING = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_MIGRATION = """
import pathlib, sys
from amends.eventstore.migrate import migrate

migrate(*sys.argv[1:3], [pathlib.Path(one) for one in sys.argv[3:]])
print("with" if "alembic" in sys.modules else "without", "Alembic")
"""


def a_migration(database: Database, service: str) -> "subprocess.Popen[str]":
    """A process that brings the database up and says whether it needed Alembic."""
    where = [database.url, database.owner_url, *map(str, folders_of(service))]
    return subprocess.Popen(
        [sys.executable, "-c", _MIGRATION, *where],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def tables_of(service: str) -> list[MetaData]:
    if service == "commerce":
        return [import_module("services.commerce.tables").METADATA]
    import_module(f"services.{service}.bootstrap")  # every module with a table in it
    return [schema.metadata, import_module(f"services.{service}.read_models").metadata]


@pytest.fixture(scope="module")
def known(server: Stack) -> dict[str, set[str]]:
    """The catalogue of each service as its tables are declared."""
    found = {}
    for service in SERVICES:
        database = Database(server, service)
        engine = create_engine(database.owner_url)
        for tables in tables_of(service):
            tables.create_all(engine)
        engine.dispose()
        found[service] = database.catalogue()
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_revisions_make_exactly_the_tables_that_the_program_knows(
    server: Stack, known: dict[str, set[str]], service: str
) -> None:
    made = Database(server, service)
    migrate(made.url, made.owner_url, folders_of(service))
    assert known[service] ^ made.catalogue() == set()


@pytest.mark.parametrize("service", SERVICES)
def test_each_folder_is_one_line_whose_last_file_is_its_head(service: str) -> None:
    for folder in folders_of(service):
        config = Config()
        config.set_main_option("script_location", str(STORE.parent))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(folder))
        script = ScriptDirectory.from_config(config)
        assert set(script.get_heads()) == heads([folder])
        assert len(script.get_bases()) == 1


def test_processes_that_migrate_at_once_make_one_database(server: Stack) -> None:
    database = Database(server, "followup")
    with psycopg.connect(database.admin) as conn:
        conn.execute(_ALONE)
        together = [a_migration(database, "followup") for _ in range(4)]
        wait_for(lambda: conn.execute(_WAITING).fetchone() == (4,), "all of them wait")
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in together]
    assert [code for _, code in ended] == [0, 0, 0, 0], ended
    assert versions(database) == heads(folders_of("followup"))


def test_a_start_that_finds_nothing_to_do_does_without_alembic(server: Stack) -> None:
    database = Database(server, "followup")
    migrate(database.url, database.owner_url, folders_of("followup"))
    again = a_migration(database, "followup")
    assert again.communicate(timeout=60) == ("without Alembic\n", "")


def test_a_user_without_its_rights_gets_them_although_the_tables_are_there(
    server: Stack,
) -> None:
    database = Database(server, "followup")
    migrate(database.url, database.owner_url, folders_of("followup"))
    with psycopg.connect(database.admin) as conn:
        conn.execute("REVOKE INSERT ON events FROM amends_followup")
    migrate(database.url, database.owner_url, folders_of("followup"))
    with psycopg.connect(database.admin) as conn:
        may = conn.execute("SELECT has_table_privilege('amends_followup', 'events', 'INSERT')")
        assert may.fetchone() == (True,)


def test_a_database_of_a_newer_program_is_left_alone(server: Stack) -> None:
    database = Database(server, "followup")
    migrate(database.url, database.owner_url, folders_of("followup"))
    with psycopg.connect(database.admin) as conn:
        conn.execute(
            "UPDATE alembic_version SET version_num = 'followup_9999' "
            "WHERE version_num LIKE 'followup%'"
        )
    with pytest.raises(DatabaseIsNewer, match="is at followup_9999, which this program"):
        migrate(database.url, database.owner_url, folders_of("followup"))


class Release:
    """The databases of a released version, as that version left them, on a server of their own."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        self.folder = folder
        self.told: Mapping[str, Any] = json.loads((folder / "told.json").read_text())
        self._ours = Postgres(stack.home, stack.ports)
        self._stack = stack
        self.settings = Settings.of(
            {
                **stack.env(),
                "AMENDS_MASTER_KEY_FILE": str(folder / "master.key"),
                **{f"AMENDS_{name.upper()}_ADDRESS": "127.0.0.1:0" for name in SERVICES},
            }
        )

    def admin(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self._ours.address(ADMIN) + database, autocommit=True)

    def lay_down(self) -> None:
        """As they lay there: all of one user, without revisions."""
        for service in SERVICES:
            with self.admin("postgres") as conn:
                conn.execute(f"DROP DATABASE amends_{service}")
                conn.execute(f"CREATE DATABASE amends_{service}")
            with self.admin(f"amends_{service}") as conn:
                conn.execute((self.folder / f"{service}.sql").read_bytes())
        # Released with the product, but later than some of its databases.
        with self.admin("amends_intake") as conn:
            conn.execute("DROP INDEX cases_open, open_cases_escalation")

    def come_up(self) -> None:
        """What the next version does at its start."""
        databases.create(self._ours.address(ADMIN), self._ours.password())
        for service in SERVICES:
            app = build(service, self.settings)
            app.migrate()
            app.close()


@pytest.fixture(scope="module", params=RELEASES, ids=lambda folder: folder.name)
def release(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Release]:
    with Stack(tmp_path_factory.mktemp("release"), Ports.free(), ["postgres"]) as stack:
        found = Release(request.param, stack)
        found.lay_down()
        found.come_up()
        yield found


@pytest.fixture(scope="module")
def platform(release: Release) -> Iterator[Caller]:
    """The platform of then, calling the services of today on the databases of the release."""
    running = {name: build(name, release.settings) for name in ("intake", "resolution")}
    ports = {name: app.server.start() for name, app in running.items()}
    key_file = release.settings.signing_key_file
    assert key_file is not None
    token = MintedToken(key_file, "voice-desk", TENANT, Role.PLATFORM)
    addresses = {**release.settings.addresses}
    with Caller(addresses | {n: f"127.0.0.1:{port}" for n, port in ports.items()}, token) as caller:
        yield caller
    for app in running.values():
        app.server.stop()
        app.close()


def test_a_released_database_comes_up_to_exactly_what_the_program_knows(
    known: dict[str, set[str]], release: Release
) -> None:
    for service in SERVICES:
        with release.admin(f"amends_{service}") as conn:
            assert catalogue(conn) ^ known[service] == set()


def test_a_released_case_reads_the_same(release: Release, platform: Caller) -> None:
    for told in release.told["cases"]:
        escalation = told["escalation"]
        file = plain(whole_case(platform.intake, escalation))
        request = resolution_service_pb2.GetResolutionRequest(escalation_id=escalation)
        resolution = plain(platform.resolution.GetResolution(request))
        assert list(lost(told["case_file"], file)) == []
        assert list(lost(told["resolution"], resolution)) == []


def test_a_released_log_is_whole_and_every_event_of_it_is_known(release: Release) -> None:
    for service in LOGS:
        engine = make_engine(release.settings.database_url_for(service))
        codec = Codec(import_module(f"services.{service}.bootstrap").EVENTS)
        with engine.connect() as conn:
            events = reading.read_all(conn, START, 10_000)
        engine.dispose()
        recorded = (release.folder / f"{service}.sql").read_text().count("INTO public.events ")
        assert len(events) == recorded > 0
        last: dict[StreamId, bytes] = {}
        for event in events:
            assert event.prev_hash == last.get(event.stream, FIRST)
            assert event.hash == event.true_hash()
            assert codec.decode(event.type, event.data, event.origin)
            last[event.stream] = event.hash


def test_a_released_answer_is_given_again(release: Release, platform: Caller) -> None:
    repeated = release.told["repeated"]
    request = ParseDict(repeated["request"], pb.RecordContactRequest())
    assert plain(platform.intake.RecordContact(request)) == repeated["answer"]


def test_a_released_case_goes_on(release: Release, platform: Caller) -> None:
    escalation = release.told["cases"][-1]["escalation"]
    before = whole_case(platform.intake, escalation)
    said = pb.RecordContactRequest(
        request_id=new_request_id(),
        escalation_id=escalation,
        channel=types_pb2.CHANNEL_CHAT,
        words="Still waiting.",
    )
    answer = platform.intake.RecordContact(said)
    after = whole_case(platform.intake, escalation)
    assert [one.words for one in after.contacts[len(before.contacts) :]] == ["Still waiting."]
    ours = [entry.version for entry in after.timeline if entry.source == "intake"]
    assert ours == list(range(1, answer.version + 1))


def plain(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def lost(told: object, now: object, path: str = "") -> Iterator[str]:
    """What was told and is no longer; sentences may be worded anew, and more may be told."""
    if isinstance(told, dict) and isinstance(now, dict):
        for name, value in told.items():
            if name != "summary":
                yield from lost(value, now.get(name), f"{path}.{name}")
    elif isinstance(told, list) and isinstance(now, list) and len(told) == len(now):
        for nth, value in enumerate(told):
            yield from lost(value, now[nth], f"{path}[{nth}]")
    elif told != now:
        yield f"{path}: {told!r} is {now!r}"


def build(service: str, settings: Settings) -> App:
    app: App = import_module(f"services.{service}.bootstrap").build(settings)
    return app


def versions(database: Database) -> set[str]:
    with psycopg.connect(database.admin) as conn:
        return {one for (one,) in conn.execute("SELECT version_num FROM alembic_version")}
