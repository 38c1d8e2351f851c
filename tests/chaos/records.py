"""Fault 4: what Kafka brings is repeated, out of order, from the beginning again, or no event.

Once nothing is under way every record is published again up to five times, a few places from where
it belongs, with something that nobody can read between them; then each consumer begins at offset 0.
What the services hold is afterwards what it was, byte for byte, and nothing more was said.
"""

import base64
import json
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import NoError
from kafka.structs import OffsetAndMetadata
from sqlalchemy import text

from amends.eventstore.engine import make_engine
from amends.kafka.topics import SERVICES, TOPICS, topic_of
from amends.settings import Settings
from deploy.local.processes import EVENT_SOURCED
from tests.chaos.scene import Scene
from tests.guarantees import wires
from workflows.bridge import GROUP

NAME = "records"
POISON_ONE_IN = 50
_WINDOW = 50
_MOST = 5
_BIG = 900_000
_STILL = 5.0  # seconds in which nobody says anything: longer than a step of a process takes
_LOOKS = 24
_EVENTS = text("SELECT stream_id, version, event_id FROM events ORDER BY position")
HEARS: Mapping[str, Sequence[str]] = {
    **{service: [one for one in SERVICES if one != service] for service in EVENT_SOURCED},
    "workflows": SERVICES,
}
"""Whose topics each process listens to."""
Place = tuple[str, int, int]
"""Topic, partition, offset."""
Sent = tuple[bytes, bytes, list[tuple[str, bytes]]]
"""Key, value and headers of a record."""
Raw = Any
"""A record of Kafka, as its client gives it."""


def collect(_scene: Scene, seconds: float) -> None:
    """The load alone for so long: what it says is what is repeated."""
    threading.Event().wait(seconds)


def quiet(scene: Scene, *, anew: bool = True) -> None:
    """Everything again, in every wrong way; `anew` has every consumer begin at offset 0 too."""
    settings = Settings.of(scene.stack.env())
    groups = [_Group(settings.kafka_bootstrap, process) for process in HEARS]
    said = _all_said(settings)
    _through(groups)
    before = _held(settings)
    poison = _publish_again(scene, settings)
    _through(groups)
    for group in groups:
        _compare_told(scene, group, poison)
    if anew:
        _begin_anew(scene, groups)
        _through(groups)
    _compare(scene, before, _held(settings))
    if _said(settings) != said:
        scene.wrong.append("something was said that nobody caused")
    for group in groups:
        group.close()


def _begin_anew(scene: Scene, groups: Sequence["_Group"]) -> None:
    """Every consumer at offset 0 of what there is by now."""
    for group in groups:
        scene.stack.stop(group.process)
    for group in groups:
        wires.until(group.is_set_back, "it has left its group")
    for group in groups:
        scene.stack.start(group.process)
    scene.faults["every consumer from offset 0"] += 1


def _publish_again(scene: Scene, settings: Settings) -> set[Place]:
    """Where each poisoned record came to lie."""
    producer = KafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all")
    waiting = []
    for nth, (record, bad) in enumerate(_garbled(_all(settings.kafka_bootstrap), scene.random)):
        key, value, headers = _spoilt(record, nth // POISON_ONE_IN) if bad else _plain(record)
        sent = producer.send(record.topic, key=key, value=value, headers=headers)
        scene.faults["poisoned records" if bad else "repeated records"] += 1
        if bad:
            waiting.append(sent)
    producer.flush()
    places = {(at.topic, at.partition, at.offset) for at in (sent.get(30) for sent in waiting)}
    producer.close()
    return places


def _garbled(records: Sequence[Raw], chance: Random) -> Iterator[tuple[Raw, bool]]:
    """Each up to five times, a few places from its own, every fiftieth with poison before it."""
    again = [one for one in records for _ in range(chance.randint(1, _MOST))]
    placed = sorted(enumerate(again), key=lambda one: one[0] + chance.randrange(_WINDOW))
    for nth, (_, record) in enumerate(placed):
        if nth % POISON_ONE_IN == 0:
            yield record, True
        yield record, False


def _plain(record: Raw) -> Sent:
    return record.key, record.value, list(record.headers)


def _spoilt(record: Raw, kind: int) -> Sent:
    """One of everything that no producer of ours writes."""
    key, value, headers = _plain(record)
    ways: tuple[Sent, ...] = (
        (key, uuid.uuid4().bytes * 8, []),
        (key, value[: len(value) // 2], headers),
        (key, value, _with(headers, "ce_type", _another_type(headers))),
        (key, value, _with(headers, "ce_type", b"com.example.ParcelSent")),
        (key, b"\xff" * _BIG, headers),
        (key, value, _with(headers, "ce_hash", b"00" * 32)),
        (key, value, _with(headers, "ce_sequence", b"99999999999")),
        (key, value, _with(headers, "ce_meta", base64.b64encode(b"\xff"))),
    )
    return ways[kind % len(ways)]


def _another_type(headers: list[tuple[str, bytes]]) -> bytes:
    """One that there is; under its own type the record would be an event."""
    types = (b"amends.v1.OfferAccepted", b"amends.v1.OfferMade")
    return next(one for one in types if one != dict(headers)["ce_type"])


def _with(headers: list[tuple[str, bytes]], name: str, value: bytes) -> list[tuple[str, bytes]]:
    return [(one, value if one == name else text) for one, text in headers]


def _all(bootstrap: str) -> list[Raw]:
    """Every record of our topics, in its order per partition."""
    kafka = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        places = [
            TopicPartition(topic, number)
            for topic in TOPICS
            for number in sorted(kafka.partitions_for_topic(topic) or ())
        ]
        kafka.assign(places)
        kafka.seek_to_beginning(*places)
        ends = kafka.end_offsets(places)
        found: list[Raw] = []
        while any(kafka.position(place) < end for place, end in ends.items()):
            for records in kafka.poll(timeout_ms=500).values():
                found += records
        return found
    finally:
        kafka.close(autocommit=False)


class _Group(wires.Offsets):
    """Where one process stands on the topics that it listens to."""

    def __init__(self, bootstrap: str, process: str) -> None:
        super().__init__(bootstrap, process, HEARS[process])
        self.process = process
        self.topics = {topic_of(source) for source in HEARS[process]}
        if process == "workflows":
            self._group = GROUP

    def is_set_back(self) -> bool:
        """To offset 0, as soon as nobody belongs to the group any more."""
        offsets = {place: OffsetAndMetadata(0, "", -1) for place in self._places}
        answered = self._admin.alter_group_offsets(self._group, offsets)
        return all(error is NoError for error in answered.values())


def _through(groups: Sequence[_Group]) -> None:
    """Until every service has handled all that there is."""
    for group in groups:
        wires.until(group.is_through, "every consumer is through", within=120)


def _held(settings: Settings) -> dict[str, wires.Rows]:
    held = {}
    for service in EVENT_SOURCED:
        engine = make_engine(settings.database_url_for(service))
        held[service] = wires.dump(engine)
        engine.dispose()
    return held


def _compare(scene: Scene, before: dict[str, wires.Rows], after: dict[str, wires.Rows]) -> None:
    scene.wrong += [
        f"{service}.{table} is not what it was"
        for service, tables in before.items()
        for table, rows in tables.items()
        if after[service][table] != rows
    ]


def _all_said(settings: Settings) -> dict[str, list[Any]]:
    """What there is once nobody says anything more: what each case did by itself is done."""
    pause, said = threading.Event(), _said(settings)
    for _ in range(_LOOKS):
        pause.wait(_STILL)
        before, said = said, _said(settings)
        if said == before:
            return said
    msg = f"something was said again and again for {_LOOKS * _STILL:.0f} s"
    raise TimeoutError(msg)


def _said(settings: Settings) -> dict[str, list[Any]]:
    """Which events there are, by service: a signal that had an effect twice would add some."""
    said = {}
    for service in EVENT_SOURCED:
        engine = make_engine(settings.database_url_for(service))
        with engine.connect() as conn:
            said[service] = [tuple(row) for row in conn.execute(_EVENTS)]
        engine.dispose()
    return said


def _compare_told(scene: Scene, group: _Group, poison: set[Place]) -> None:
    """Each bad record of its topics is told by the process, with its place, and nothing else is.

    Who loses his place in the group for a moment reads from his last commit, and tells it again.
    """
    told: set[Place] = set()
    for line in scene.stack.home.log(group.process).read_text(errors="replace").splitlines():
        if '"not_an_event"' in line:
            said = json.loads(line)
            told.add((said["topic"], said["partition"], said["offset"]))
    expected = {place for place in poison if place[0] in group.topics}
    if told != expected:
        few, many = len(expected - told), len(told - expected)
        scene.wrong.append(f"{group.process}: {few} bad records not told, {many} told without need")
