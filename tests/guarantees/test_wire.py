"""What the wire may do: repeat, lose, reorder, begin anew, bring what nobody can read."""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import pytest
from kafka.errors import KafkaError
from sqlalchemy import Engine, text

from amends.eventstore import outbox
from amends.eventstore.engine import make_engine
from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId, case_stream, stream_of
from amends.kafka.producer import Producer
from amends.kafka.topics import SERVICES, declare, topic_of
from amends.rpc.alarms import ALARMS
from amends.settings import Settings
from amends.values.alarm import AlarmRaised
from amends.values.identity import EscalationId, Tenant
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.eventstore.world import dice
from tests.guarantees import wires
from tests.guarantees.relays import arrived, leader, relay
from tests.guarantees.stores import SHOP, log_of, say
from tests.scenario import play


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A database server and a Kafka on which tests may put what they like."""
    home = tmp_path_factory.mktemp("wire")
    with Stack(home, Ports.free(), ["postgres", "kafka"]) as servers:
        yield servers


@pytest.fixture(scope="module")
def played(cast: Cast) -> FootballShoes:
    story = FootballShoes(cast)
    story.prepare()
    play(story)
    return story


@dataclass(frozen=True, slots=True)
class Twin:
    """A service with the log of its original, and what the original made of the wire."""

    service: str
    settings: Settings
    engine: Engine
    original: Engine
    sources: Sequence[str]
    offsets: wires.Offsets

    def close(self) -> None:
        self.engine.dispose()
        self.original.dispose()
        self.offsets.close()

    @property
    def state(self) -> wires.Rows:
        return wires.dump(self.engine)

    @property
    def expected(self) -> wires.Rows:
        """What the original, on a wire that did nothing odd, made of the same events."""
        return wires.dump(self.original, like=self.state)


@pytest.fixture(scope="module")
def told(played: FootballShoes, cast: Cast) -> list[Envelope]:
    """Everything that was ever said about the played case and about who may decide."""
    tenant = Tenant(cast.settings.tenant)
    people = [one.decision_maker_id for one in cast.directory().decision_makers]
    streams = [
        case_stream(tenant, EscalationId(played.escalation)),
        *(stream_of(tenant, person) for person in people),
    ]
    return [one for service in SERVICES for one in wires.said(cast.settings, service, *streams)]


@pytest.fixture(scope="module")
def twins(stack: Stack, own: Stack, cast: Cast, told: list[Envelope]) -> Iterator[dict[str, Twin]]:
    settings = wires.settings_of(stack, own)
    declare(settings.kafka_bootstrap)
    made = {service: twin_of(service, stack, own, told) for service in SERVICES}
    yield made
    for twin in made.values():
        twin.close()


def twin_of(service: str, stack: Stack, own: Stack, told: Sequence[Envelope]) -> Twin:
    """Its log is that of the original, its read models what they are before anything is heard."""
    settings = wires.settings_of(stack, own)
    twin = wires.app_of(service, settings)
    twin.migrate()
    mine = {str(one.stream) for one in told if one.source == service}
    wires.copy_log(stack, own, service, sorted(mine))
    assert twin.rebuild is not None
    twin.rebuild()
    twin.close()
    original = make_engine(Settings.of(stack.env()).database_url_for(service))
    sources = sorted({source for source, _stream in wires.heads_of(original)})
    return Twin(
        service,
        settings,
        make_engine(settings.database_url_for(service)),
        original,
        sources,
        wires.Offsets(settings.kafka_bootstrap, service, sources),
    )


def read_all(twins: Mapping[str, Twin]) -> None:
    """The services' consumers start, and stop when each is through with everything on Kafka."""
    with wires.consuming(*(wires.app_of(one.service, one.settings) for one in twins.values())):
        for service, twin in twins.items():
            wires.until(twin.offsets.is_through, f"{service} read all")


def test_duplicates_gaps_reordering_and_a_replay_from_offset_0_leave_the_same_state(
    twins: dict[str, Twin], told: list[Envelope], own: Stack
) -> None:
    """Byte for byte what the whole stack's services made of the case as it was played."""
    seed, chance = dice()
    wires.publish(own.env()["AMENDS_KAFKA_BOOTSTRAP"], wires.garbled(told, chance))
    read_all(twins)
    for service, twin in twins.items():
        others = [one for one in told if one.source in twin.sources]
        heads = {(one.source, str(one.stream)): one.version for one in others}
        assert wires.heads_of(twin.engine) == heads, f"{service}, seed {seed}"
        wires.until(partial(wires.has_heard, twin.original, heads), f"{service} heard all")
        assert twin.state == twin.expected, f"{service}, seed {seed}"
        assert len(twin.state["inbox"]) == len(others)
        twin.offsets.set_back()
        assert not twin.offsets.is_through()
    read_all(twins)
    for service, twin in twins.items():
        assert twin.state == twin.expected, f"{service} after the replay, seed {seed}"


def test_what_nobody_subscribed_to_is_stored_and_ignored_and_what_nobody_can_read_waits_alone(
    twins: dict[str, Twin], told: list[Envelope], own: Stack
) -> None:
    """Follow-up hears of three new cases: one event is unknown, one unreadable, one as ever."""
    twin, bootstrap = twins["followup"], own.env()["AMENDS_KAFKA_BOOTSTRAP"]
    opened = next(one for one in told if one.type == "amends.v1.EscalationOpened")
    strange, broken, well = (anew(opened) for _ in range(3))
    wires.publish(
        bootstrap,
        [
            replace(strange, type="amends.v9.NeverHeardOf", data=b"\xff"),
            replace(broken, data=b"\xff"),
            next_of(broken, "amends.v1.ProblemConfirmed"),
            well,
        ],
    )
    with wires.consuming(wires.app_of("followup", twin.settings)):
        wires.until(twin.offsets.is_through, "followup read all")
        assert known_cases(twin) >= {well.subject}
        assert not known_cases(twin) & {strange.subject, broken.subject}
        assert [one.type for one in wires.received(twin.engine, strange.stream)] == [
            "amends.v9.NeverHeardOf"
        ]
        assert alarms(twin, strange.stream) == alarms(twin, well.stream) == []
        [raised] = alarms(twin, broken.stream)
        assert (raised.kind, "amends.v1.EscalationOpened" in raised.clears_when) == (
            "INBOX_PARKED",
            True,
        )
        wires.publish(bootstrap, [broken, next_of(broken, "amends.v1.ProblemConfirmed")])
        wires.until(twin.offsets.is_through, "followup read the mended case")
    assert broken.subject in known_cases(twin)
    assert [one.version for one in wires.received(twin.engine, broken.stream)] == [1, 2]
    assert alarms(twin, broken.stream) == []


def anew(envelope: Envelope) -> Envelope:
    """The same said of another case."""
    subject = EscalationId(f"esc_{uuid.uuid4().hex}")
    stream = case_stream(envelope.tenant, subject)
    return replace(envelope, stream=stream, event_id=str(uuid.uuid4()), prev_hash=None)


def next_of(envelope: Envelope, kind: str) -> Envelope:
    """What is said next in its case; empty, which every event may be."""
    event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, envelope.event_id))
    return replace(envelope, event_id=event_id, version=envelope.version + 1, type=kind, data=b"")


def known_cases(twin: Twin) -> set[str]:
    with twin.engine.connect() as conn:
        return set(conn.execute(text("SELECT escalation FROM cases")).scalars())


def alarms(twin: Twin, stream: StreamId) -> list[AlarmRaised]:
    """The alarms that stand in the twin's own log."""
    state = log_of(twin.service, twin.engine).load(stream, ALARMS).state
    return list(state.standing.values())


@pytest.fixture(scope="module")
def speaking(own: Stack) -> Iterator[Engine]:
    """The database of an intake that publishes to the Kafka of these tests."""
    settings = Settings.of(own.env())
    declare(settings.kafka_bootstrap)
    intake = wires.app_of("intake", settings)
    intake.migrate()
    intake.close()
    engine = make_engine(settings.database_url_for("intake"))
    yield engine
    engine.dispose()


def speak(engine: Engine, cases: Sequence[StreamId], first: int, last: int) -> None:
    """The cases go on by turns."""
    log = log_of("intake", engine)
    for nth in range(first, last + 1):
        for case in cases:
            say(log, case, nth)


def waiting(engine: Engine) -> int:
    with engine.connect() as conn:
        return outbox.depth(conn)


def new_cases(count: int) -> list[StreamId]:
    return [case_stream(SHOP, EscalationId(f"esc_{uuid.uuid4().hex}")) for _ in range(count)]


def test_two_relays_publish_every_event_once_and_in_the_order_of_its_key(
    speaking: Engine, own: Stack
) -> None:
    cases, bootstrap = new_cases(4), own.env()["AMENDS_KAFKA_BOOTSTRAP"]
    with relay("intake", own.env()), relay("intake", own.env()):
        wires.until(lambda: len(sessions(speaking)) == 2, "both try")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda case: speak(speaking, [case], 1, 30), cases))
        wires.until(lambda: waiting(speaking) == 0, "everything is published")
    for case in cases:
        assert arrived(bootstrap, "intake", case) == list(range(1, 31))


def test_what_a_wiped_kafka_had_is_published_again_in_the_order_of_its_key(
    speaking: Engine, own: Stack
) -> None:
    cases, bootstrap = new_cases(3), own.env()["AMENDS_KAFKA_BOOTSTRAP"]
    with relay("intake", own.env()):
        speak(speaking, cases, 1, 10)
        wires.until(lambda: waiting(speaking) == 0, "everything is published")
        own.stop("kafka")
        own.wipe("kafka")
        speak(speaking, cases, 11, 20)
        own.start("kafka")
        wires.until(lambda: waiting(speaking) == 0, "everything is published")
        for case in cases:
            assert arrived(bootstrap, "intake", case) == list(range(1, 21))


def test_a_producer_whose_broker_went_away_holds_nothing_back_that_it_sends_later(
    speaking: Engine, own: Stack
) -> None:
    speak(speaking, new_cases(1), 1, 1)
    with speaking.connect() as conn:
        [event] = outbox.waiting(conn, 1)
    producer = Producer(own.env()["AMENDS_KAFKA_BOOTSTRAP"], topic_of("intake"))
    producer.publish([event.envelope("intake")])
    own.stop("kafka")
    with pytest.raises(KafkaError):
        producer.publish([event.envelope("intake")])
    senders = [one for one in threading.enumerate() if "network-thread" in one.name]
    own.start("kafka")
    for one in senders:
        one.join(5)
    assert not any(one.is_alive() for one in senders)


def test_leadership_moves_within_5_s_of_a_kill_9_and_nothing_is_lost_or_reordered(
    speaking: Engine, own: Stack
) -> None:
    cases, bootstrap = new_cases(3), own.env()["AMENDS_KAFKA_BOOTSTRAP"]
    with (
        relay("intake", own.env()) as one,
        relay("intake", own.env()) as two,
        ThreadPoolExecutor(1) as pool,
    ):
        wires.until(lambda: leader(speaking, [one, two]) is not None, "one of them leads")
        wires.until(lambda: len(sessions(speaking)) == 2, "the other one tries")
        first = leader(speaking, [one, two])
        assert first is not None
        other = two if first == one else one
        speak(speaking, cases, 1, 10)
        going_on = pool.submit(speak, speaking, cases, 11, 60)
        first.kill()
        killed = time.monotonic()
        wires.until(lambda: leader(speaking, [other]) == other, "the other one leads")
        moved = time.monotonic() - killed
        going_on.result()
        wires.until(lambda: waiting(speaking) == 0, "everything is published")
    assert moved < 5
    for case in cases:
        came = arrived(bootstrap, "intake", case)
        assert list(dict.fromkeys(came)) == list(range(1, 61))


def sessions(engine: Engine) -> list[int]:
    """The connections of relays."""
    with engine.connect() as conn:
        found = conn.execute(
            text("SELECT pid FROM pg_stat_activity WHERE application_name = 'amends relay'")
        )
        return list(found.scalars())
