"""History: what Kafka still remembers of what the services said, read beside every consumer.

No group, no commit: whoever reads it changes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from amends.eventstore.chain import Link
from amends.eventstore.comparing import Told
from amends.eventstore.findings import Place
from amends.eventstore.records import Envelope
from amends.eventstore.verifying import WireAway
from amends.kafka.cloudevent import NotAnEvent, from_record
from amends.kafka.reach import require_broker

Kafka = Any
"""A KafkaConsumer; kafka-python comes without types."""

_POLL_MS = 2_000
_SILENT_POLLS = 5


class History:
    """Every record of the topics, up to where they ended when it was marked."""

    name = "kafka"

    def __init__(self, bootstrap: str, topics: Sequence[str]) -> None:
        self._bootstrap = bootstrap
        self._topics = tuple(topics)
        self._ends: dict[TopicPartition, int] = {}

    def mark(self) -> None:
        """Remembers where each partition ends now.

        Raises:
            WireAway: no broker answers.
        """
        with _Reading(self._bootstrap) as kafka:
            self._ends = kafka.end_offsets(_partitions(kafka, self._topics))

    def told(self) -> Iterator[Told]:
        """Every event of ours up to there, in order per stream.

        Raises:
            WireAway: no broker answers, or none answers any more.
        """
        with _Reading(self._bootstrap) as kafka:
            begins = kafka.beginning_offsets(list(self._ends))
            left = {place: end for place, end in self._ends.items() if begins[place] < end}
            kafka.assign(list(left))
            kafka.seek_to_beginning(*left)
            yield from _until(kafka, left)


def raw(bootstrap: str) -> Iterator[tuple[str, bytes]]:
    """(where it is, key and value and headers) of every record of all topics, as they end now.

    Raises:
        WireAway: no broker answers, or none answers any more.
    """
    with _Reading(bootstrap) as kafka:
        places = _partitions(kafka, sorted(kafka.topics()))
        begins, ends = kafka.beginning_offsets(places), kafka.end_offsets(places)
        left = {place: ends[place] for place in places if begins[place] < ends[place]}
        kafka.assign(list(left))
        kafka.seek_to_beginning(*left)
        for place, record in _records(kafka, left):
            headers = [part for name, value in record.headers for part in (name.encode(), value)]
            where = f"{place.topic} {place.partition}@{record.offset}"
            yield where, b"\0".join([record.key or b"", record.value or b"", *headers])


class _Reading:
    """A consumer of no group; what goes wrong with Kafka is one kind of error."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._kafka: Kafka = None

    def __enter__(self) -> Kafka:
        try:
            require_broker(self._bootstrap)
            self._kafka = KafkaConsumer(
                bootstrap_servers=self._bootstrap,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=5_000,
            )
        except KafkaError as error:
            raise WireAway(type(error).__name__) from error
        return self._kafka

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._kafka.close(autocommit=False)
        if isinstance(error, KafkaError):
            raise WireAway(type(error).__name__) from error


def _partitions(kafka: Kafka, topics: Sequence[str]) -> list[TopicPartition]:
    return [
        TopicPartition(topic, number)
        for topic in topics
        for number in sorted(kafka.partitions_for_topic(topic) or ())
    ]


def _until(kafka: Kafka, ends: dict[TopicPartition, int]) -> Iterator[Told]:
    """Every event of ours, until each partition was read to its end."""
    for place, record in _records(kafka, ends):
        yield from _told(place.topic, record)


def _records(kafka: Kafka, ends: dict[TopicPartition, int]) -> Iterator[tuple[TopicPartition, Any]]:
    """Polls until each partition was read to its end."""
    open_, silent = set(ends), 0
    while open_:
        found = kafka.poll(timeout_ms=_POLL_MS)
        silent = 0 if found else silent + 1
        if silent >= _SILENT_POLLS:
            raise WireAway("Kafka sends no more records")
        for place, records in found.items():
            for record in records:
                if record.offset < ends[place]:
                    yield place, record
        # A position, not a record: the last offsets may be no records at all.
        open_ = {place for place in open_ if kafka.position(place) < ends[place]}


def _told(topic: str, record: Any) -> Iterator[Told]:  # noqa: ANN401 - comes without types
    """What is no event of ours, consumers pass over as well."""
    try:
        envelope = from_record(record.key, record.value, record.headers)
    except NotAnEvent:
        return
    where = f"{record.partition}@{record.offset}"
    place = Place("kafka", f"{topic} {where}", envelope.source)
    yield Told("kafka", place, envelope.source, link_of(envelope))


def link_of(envelope: Envelope) -> Link:
    """What Kafka keeps of an event: all but its predecessor's hash and its place in the log."""
    return Link(
        stream=str(envelope.stream),
        version=envelope.version,
        position=0,
        event_id=envelope.event_id,
        type=envelope.type,
        data=envelope.data,
        meta=envelope.meta.to_bytes(),
        prev_hash=None,
        hash=envelope.hash,
        recorded_at=envelope.recorded_at,
    )
