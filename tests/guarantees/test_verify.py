"""Whatever is done to a stored event behind the services' backs is found and named."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from typer.testing import CliRunner, Result

from amends.cli.app import app
from amends.eventstore.comparing import Told
from amends.eventstore.findings import Checked, Finding, Place, Wrong
from amends.eventstore.records import Envelope
from amends.eventstore.snapshot import snapshot_of
from amends.eventstore.streams import case_stream
from amends.eventstore.verifying import ChainCheck
from amends.kafka.history import History, link_of
from amends.kafka.topics import SERVICES, TOPICS
from amends.values.identity import EscalationId, Tenant
from amends.verify.running import chain_check
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.guarantees.stores import CASE, EACH, OTHER_CASE, PERSON, Stores
from tests.guarantees.tampering import (
    copy_to_inbox,
    drop,
    drop_queued,
    event_id,
    exchange_positions,
    forge,
    forge_copy,
    forget_copies,
    rehash,
    swap,
    swap_copies,
    update,
    update_copy,
)
from tests.scenario import play

AT = 3  # the version that is tampered with


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    home = tmp_path_factory.mktemp("verified")
    with Stack(home, Ports.free(), ["postgres", "kafka"]) as stack:
        stores = Stores.at(stack)
        stores.fill()
        yield stores


@pytest.fixture
def stores(filled: Stores) -> Iterator[Stores]:
    """As they were filled."""
    yield filled
    filled.restore()


def verified(stores: Stores) -> Checked:
    return chain_check(stores.settings).run()


def without_kafka(stores: Stores) -> Checked:
    return chain_check(stores.settings.model_copy(update={"kafka_bootstrap": ""})).run()


def named(checked: Checked) -> list[tuple[str, str, str, str, int]]:
    """(service, table, what is wrong, stream, version) of each finding."""
    assert checked.unchecked == []
    return [
        (one.place.service, one.place.table, one.wrong.value, one.stream, one.version)
        for one in checked.findings
    ]


def one_of(checked: Checked) -> Finding:
    [finding] = checked.findings
    return finding


def test_a_clean_store_has_no_findings_and_all_of_it_was_looked_at(stores: Stores) -> None:
    checked = verified(stores)
    assert named(checked) == []
    looked = {(one.where, one.what): one.count for one in checked.looked}
    said = {"intake": 2, "routing": 3, "resolution": 2, "followup": 2}
    for service in SERVICES:
        heard = EACH * (sum(said.values()) - said[service])
        assert looked[service, "streams"] == said[service]
        assert looked[service, "events"] == EACH * said[service]
        assert looked[service, "outbox"] == EACH * said[service]
        assert looked[service, "answers"] == EACH * said[service]
        assert looked[service, "copies"] == heard
    assert looked["kafka", "records"] == EACH * sum(said.values())


@pytest.mark.parametrize(
    "change",
    [
        "data = set_byte(data, 0, 255 - get_byte(data, 0))",
        "meta = set_byte(meta, 5, 255 - get_byte(meta, 5))",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "type = 'amends.v1.EscalationClosed'",
        "hash = set_byte(hash, 0, 255 - get_byte(hash, 0))",
        "prev_hash = set_byte(prev_hash, 0, 255 - get_byte(prev_hash, 0))",
        "event_id = '00000000-0000-7000-8000-000000000000'",
    ],
)
def test_a_changed_event_is_named(stores: Stores, change: str) -> None:
    with stores.tampering("resolution") as conn:
        update(conn, change, AT)
    checked = verified(stores)
    assert named(checked) == [("resolution", "events", "CHANGED", str(CASE), AT)]
    assert one_of(checked).event_id
    assert one_of(checked).position


def test_a_changed_event_with_a_hash_that_fits_is_named_by_its_successor_and_the_others(
    stores: Stores,
) -> None:
    with stores.tampering("resolution") as conn:
        update(conn, "type = 'amends.v1.EscalationClosed'", AT)
        rehash(conn, AT, AT)
    checked = verified(stores)
    assert named(checked) == [("resolution", "events", "CHANGED", str(CASE), AT)]
    assert one_of(checked).witnesses == (
        "the chain",
        "inbox of intake",
        "inbox of routing",
        "inbox of followup",
        "kafka",
    )


def test_a_dropped_event_is_named(stores: Stores) -> None:
    with stores.tampering("routing") as conn:
        dropped = event_id(conn, AT)
        drop(conn, f"version = {AT}")
    checked = verified(stores)
    assert ("routing", "events", "MISSING", str(CASE), AT) in named(checked)
    [at] = [one for one in checked.findings if one.stream]
    assert at.event_id == dropped
    assert "inbox of intake" in at.witnesses
    [queued] = [one for one in checked.findings if not one.stream]
    assert queued.witnesses == ("outbox of routing",)
    assert queued.position


@pytest.mark.parametrize(
    "exchanged", [("version",), ("event_id",), ("version", "event_id"), ("data", "meta")]
)
def test_two_swapped_events_are_named_with_each_other(
    stores: Stores, exchanged: Sequence[str]
) -> None:
    with stores.tampering("intake") as conn:
        for column in exchanged:
            swap(conn, column, 2, 5)
    checked = verified(stores)
    wrong = "CHANGED" if "data" in exchanged else "SWAPPED"
    assert named(checked) == [("intake", "events", wrong, str(CASE), version) for version in (2, 5)]
    if wrong == "SWAPPED":
        assert [one.what for one in checked.findings] == [
            "it was exchanged with version 5",
            "it was exchanged with version 2",
        ]


@pytest.mark.parametrize("left", [EACH - 1, 2])
@pytest.mark.parametrize("queue", ["with its outbox", "without"])
def test_a_cut_off_end_is_named_by_who_remembers_it(stores: Stores, left: int, queue: str) -> None:
    with stores.tampering("followup") as conn:
        if queue == "with its outbox":
            drop_queued(conn, f"version > {left}")
        lost = event_id(conn, left + 1)
        drop(conn, f"version > {left}")
    checked = verified(stores)
    cut = [one for one in checked.findings if one.stream]
    assert [(one.place.service, one.wrong, one.stream, one.version) for one in cut] == [
        ("followup", Wrong.CUT_OFF, str(CASE), left + 1)
    ]
    assert cut[0].event_id == lost
    assert cut[0].witnesses == (
        "inbox of intake",
        "inbox of routing",
        "inbox of resolution",
        "kafka",
    )
    queued = [one for one in checked.findings if not one.stream]
    assert len(queued) == (0 if queue == "with its outbox" else EACH - left)


def test_a_stream_that_is_gone_is_named(stores: Stores) -> None:
    with stores.tampering("followup") as conn:
        drop_queued(conn, "version > 0")
        drop(conn, "version > 0")
    checked = verified(stores)
    assert named(checked) == [("followup", "events", "CUT_OFF", str(CASE), 1)]
    assert one_of(checked).what == "the whole stream is gone"


def test_an_end_that_only_kafka_remembers_is_named(stores: Stores) -> None:
    for service in SERVICES:
        with stores.tampering(service) as conn:
            if service == "followup":
                drop_queued(conn, "version > 4")
                drop(conn, "version > 4")
            forget_copies(conn, "followup", 4, heads=True)
    checked = verified(stores)
    assert named(checked) == [("followup", "events", "CUT_OFF", str(CASE), 5)]
    assert one_of(checked).witnesses == ("kafka",)
    assert named(without_kafka(stores)) == []


def test_an_end_that_only_a_count_remembers_is_named(stores: Stores) -> None:
    with stores.tampering("followup") as conn:
        drop_queued(conn, "version > 4")
        drop(conn, "version > 4")
    for service in ("intake", "routing", "resolution"):
        with stores.tampering(service) as conn:
            forget_copies(conn, "followup", 4, heads=service == "routing")
    checked = without_kafka(stores)
    assert ("followup", "events", "CUT_OFF", str(CASE), 5) in named(checked)
    assert ("intake", "inbox", "CUT_OFF", str(CASE), 5) in named(checked)


def test_an_end_that_was_written_anew_is_named_by_the_others(stores: Stores) -> None:
    with stores.tampering("resolution") as conn:
        update(conn, "type = 'amends.v1.EscalationClosed'", AT)
        rehash(conn, AT, EACH)
    checked = verified(stores)
    assert named(checked) == [("resolution", "events", "REWRITTEN", str(CASE), AT)]
    assert one_of(checked).witnesses == (
        "inbox of intake",
        "inbox of routing",
        "inbox of followup",
        "kafka",
    )


def test_an_end_written_anew_everywhere_but_on_kafka_is_named(stores: Stores) -> None:
    with stores.tampering("resolution") as conn:
        update(conn, "type = 'amends.v1.EscalationClosed'", AT)
        rehash(conn, AT, EACH)
        for service in ("intake", "routing", "followup"):
            with stores.tampering(service) as other:
                copy_to_inbox(conn, other, "resolution")
    checked = verified(stores)
    assert named(checked) == [("resolution", "events", "REWRITTEN", str(CASE), AT)]
    assert one_of(checked).witnesses == ("kafka",)


@pytest.mark.parametrize("queued", [True, False])
def test_an_inserted_event_with_the_right_hash_is_named(stores: Stores, *, queued: bool) -> None:
    with stores.tampering("intake") as conn:
        forge(conn, EACH + 1, queued=queued)
    checked = verified(stores)
    assert named(checked) == [("intake", "events", "INSERTED", str(CASE), EACH + 1)]
    by_queue = () if queued else ("outbox of intake",)
    assert one_of(checked).witnesses == ("answers of intake", *by_queue)


def test_an_event_whose_meta_is_of_another_case_is_named(stores: Stores) -> None:
    with stores.tampering("intake") as conn:
        forge(conn, EACH + 1, about="esc_another")
    [finding] = verified(stores).findings
    assert (finding.wrong, finding.version) == (Wrong.INSERTED, EACH + 1)
    assert finding.what == "its meta speaks of another stream, which no append writes"


def test_events_that_stand_where_others_were_are_named(stores: Stores) -> None:
    with stores.tampering("intake") as conn:
        exchange_positions(conn, 2, 5)
    assert [(one.wrong, one.version) for one in verified(stores).findings] == [
        (Wrong.SWAPPED, 3),
        (Wrong.SWAPPED, 5),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "data = set_byte(data, 0, 255 - get_byte(data, 0))",
        "meta = set_byte(meta, 5, 255 - get_byte(meta, 5))",
        "hash = set_byte(hash, 0, 255 - get_byte(hash, 0))",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "type = 'amends.v1.EscalationClosed'",
    ],
)
def test_a_changed_copy_in_an_inbox_is_named(stores: Stores, change: str) -> None:
    with stores.tampering("intake") as conn:
        update_copy(conn, change, AT)
    checked = verified(stores)
    assert named(checked) == [("intake", "inbox", "CHANGED", str(CASE), AT)]
    assert one_of(checked).place.source == "routing"
    assert "services.intake rebuild" in one_of(checked).next_step


def test_a_dropped_copy_and_two_swapped_ones_are_named(stores: Stores) -> None:
    with stores.tampering("intake") as conn:
        conn.execute(
            "DELETE FROM inbox WHERE source = 'routing' AND stream_id = %s AND version = %s",
            [str(OTHER_CASE), AT],
        )
        swap_copies(conn, 2, 4)
    assert named(verified(stores)) == [
        ("intake", "inbox", "SWAPPED", str(CASE), 2),
        ("intake", "inbox", "SWAPPED", str(CASE), 4),
        ("intake", "inbox", "MISSING", str(OTHER_CASE), AT),
    ]


def test_an_inserted_copy_is_named_and_nothing_is_said_against_its_owner(stores: Stores) -> None:
    with stores.tampering("intake") as conn:
        forge_copy(conn, EACH + 1)
    assert named(verified(stores)) == [
        ("intake", "inbox", "CHANGED", str(CASE), EACH + 1),
        ("intake", "inbox", "INSERTED", str(CASE), EACH + 1),
    ]


def test_what_was_done_to_the_directory_is_named_as_well(stores: Stores) -> None:
    with stores.tampering("routing") as conn:
        conn.execute(
            "UPDATE events SET type = 'amends.v1.AuthorityGranted' "
            "WHERE stream_id = %s AND version = %s",
            [str(PERSON), AT],
        )
    assert named(verified(stores)) == [("routing", "events", "CHANGED", str(PERSON), AT)]


@dataclass
class GoesOn:
    """A wire on which something is said at the very moment at which its end is noted."""

    stores: Stores
    heard: list[Envelope]
    name: str = "kafka"

    def mark(self) -> None:
        self.heard.append(self.stores.go_on("followup", "intake"))

    def told(self) -> Iterator[Told]:
        for one in self.heard:
            yield Told("kafka", Place("kafka"), "followup", link_of(one))


def test_what_is_said_between_two_looks_is_no_finding(stores: Stores) -> None:
    databases = {one: stores.settings.database_url_for(one) for one in SERVICES}
    assert named(ChainCheck(databases, GoesOn(stores, [])).run()) == []


def test_a_database_is_read_as_it_was_at_one_moment_and_never_written(stores: Stores) -> None:
    with snapshot_of(stores.settings.database_url_for("followup")) as snapshot:
        before = snapshot.counts()
        stores.go_on("followup", "intake")
        assert snapshot.counts() == before
        with pytest.raises(InternalError, match="read-only transaction"):
            snapshot._conn.execute(text("INSERT INTO outbox VALUES (1)"))  # noqa: SLF001


def test_a_user_who_may_read_everything_and_write_nothing_is_enough(stores: Stores) -> None:
    """As docs/operations.md makes it."""
    assert named(chain_check(stores.as_auditor()).run()) == []


def test_what_is_away_is_said_and_the_rest_is_looked_at(stores: Stores) -> None:
    with stores.tampering("resolution") as conn:
        update(conn, "type = 'amends.v1.EscalationClosed'", AT)
    nowhere = stores.settings.model_copy(update={"kafka_bootstrap": Ports.free().address("kafka")})
    with stores.away("followup"):
        checked = chain_check(nowhere).run()
    assert [one.split(" could")[0] for one in checked.unchecked] == ["followup", "kafka"]
    assert named(replace(checked, unchecked=[])) == [
        ("resolution", "events", "CHANGED", str(CASE), AT)
    ]


def test_the_command_tells_people_and_programs_and_its_exit_code_says_which(
    stores: Stores,
) -> None:
    whole = amends_verify(stores)
    assert whole.exit_code == 0
    assert "chain: whole" in whole.stdout
    with stores.tampering("resolution") as conn:
        update(conn, "type = 'amends.v1.EscalationClosed'", AT)
    found = amends_verify(stores)
    assert found.exit_code == 1
    assert f"CHANGED  resolution (events)  stream {CASE}, version {AT}" in found.stdout
    told = json.loads(amends_verify(stores, "--json").stdout)["checks"][0]
    assert [(one["wrong"], one["version"]) for one in told["findings"]] == [("CHANGED", AT)]
    stores.restore()
    with stores.away("intake"):
        assert amends_verify(stores).exit_code == 2
    assert amends_verify(stores, AMENDS_DATABASE_URL="").exit_code == 2


def test_a_forged_record_on_kafka_is_named_and_believed_by_nobody(stores: Stores) -> None:
    """The last test here: nothing takes a record back from Kafka."""
    [envelope] = [one for one in stores.said("routing", OTHER_CASE) if one.version == AT]
    history = History(stores.settings.kafka_bootstrap, TOPICS)
    history.mark()
    stores.publish(
        {"routing": [replace(envelope, data=envelope.data + b"x", hash=bytes(32), prev_hash=None)]}
    )
    assert len(list(history.told())) == EACH * 9  # not what came behind the mark
    finding = one_of(verified(stores))
    assert (finding.place.service, finding.place.source) == ("kafka", "routing")
    assert finding.place.table.startswith("amends.routing.v1 ")
    assert (finding.wrong, finding.stream, finding.version) == (
        Wrong.CHANGED,
        str(OTHER_CASE),
        AT,
    )


def test_a_store_is_whole_while_everybody_writes(cast: Cast) -> None:
    """A whole case is played meanwhile: no witness ever seems to know more than the log."""
    story = FootballShoes(cast)
    story.prepare()
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play, story)
        runs = 0
        while not playing.done() or runs < 2:
            checked = chain_check(cast.settings).run()
            assert checked.unchecked == []
            assert [one for one in checked.findings if one.stream == its_stream(story)] == []
            runs += 1
        playing.result()
    assert [one.count > 0 for one in checked.looked] == [True] * len(checked.looked)


def its_stream(story: FootballShoes) -> str:
    return str(case_stream(Tenant(story.cast.settings.tenant), EscalationId(story.escalation)))


def amends_verify(stores: Stores, *options: str, **other: str) -> Result:
    """As operations run it."""
    return CliRunner().invoke(
        app,
        ["verify", "--chain", *options],
        env={"AMENDS_HOME": str(stores.settings.home), **other},
    )
