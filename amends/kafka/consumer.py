"""The consumer: one per process; every event reaches the handler at least once, in order per key.

Offsets are committed lazily, up to the lowest unfinished one, so a restart repeats a little; the
handler's own transaction makes repeats harmless (the inbox). Kafka may be away at any time.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, UnknownTopicOrPartitionError
from kafka.structs import OffsetAndMetadata

from amends import telemetry
from amends.crash_points import crash_point
from amends.eventstore.records import Envelope
from amends.kafka.cloudevent import NotAnEvent, from_record
from amends.kafka.dispatch import AT_ONCE, Dispatch, Gathering, Handle, Task
from amends.kafka.progress import Progress
from amends.kafka.reach import require_broker
from amends.kafka.topics import TOPICS, topic_of
from amends.telemetry import metrics

Kafka = Any
"""A KafkaConsumer; kafka-python comes without types."""
KafkaRecord = Any
"""Its ConsumerRecord."""

_COMMIT_EVERY = 1.0
_POLL_MS = 500
_RECONNECT_AFTER = 0.5
_LOOK_EVERY = 1.0
_MOST_UNFINISHED = 2_000
_STOP_PATIENCE = 5.0
_CLOSE_MS = 2_000


class Consumer:
    """Reads topics for a group and hands batches of envelopes to `handle`.

    `handle` must be safe to call from several threads; one key is never in two of them. If it
    raises, its keys are handed to it again, later. It never sees a record that is no event of
    ours: that is logged and passed over (the owner's log fills the gap).

    What it gathers costs fewer fetches and fewer transactions.
    """

    def __init__(  # noqa: PLR0913 - where, what, and three things that differ by process
        self,
        bootstrap: str,
        group: str,
        topics: Sequence[str],
        handle: Handle,
        *,
        workers: int = 4,
        instance: str = "",
        gathering: Gathering = AT_ONCE,
    ) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._instance = instance or None
        self._topics = tuple(topics)
        self._pause = gathering.rest if gathering.urgent else gathering.seconds
        self._dispatch = Dispatch(handle, workers, gathering)
        self._stopping = threading.Event()
        self._assigned = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"consume-{group}", daemon=True)

    def start(self) -> None:
        """Begins to read in threads of its own; returns at once, also while Kafka is away."""
        self._dispatch.start()
        self._thread.start()

    def run(self, stopping: threading.Event) -> None:
        """Reads until the event is set, in this thread and those of the handlers."""
        self.start()
        stopping.wait()
        self.stop()

    def wait_assigned(self, timeout: float) -> bool:
        """True once partitions were assigned, within `timeout` seconds."""
        return self._assigned.wait(timeout)

    def stop(self) -> None:
        """Finishes what is being handled, commits it and leaves the group."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                session = _Session(self._connect(), self._bootstrap, self._dispatch, self._assigned)
                session.run(self._stopping, self._pause)
            except (KafkaError, OSError) as error:
                telemetry.log().warning("kafka_away", group=self._group, error=type(error).__name__)
                self._stopping.wait(_RECONNECT_AFTER)
            except Exception as error:  # noqa: BLE001 - a process loop: the reader goes on
                telemetry.log().error("consumer_failed", trace=telemetry.trace_of(error))
                self._stopping.wait(_RECONNECT_AFTER)

    def _connect(self) -> Kafka:
        require_broker(self._bootstrap)
        kafka = KafkaConsumer(
            *self._topics,
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            group_instance_id=self._instance,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=5_000,
            reconnect_backoff_max_ms=250,
            heartbeat_interval_ms=1_500,
            session_timeout_ms=6_000,  # the shortest that a broker allows unless told otherwise
            metadata_max_age_ms=30_000,
            metrics_enabled=False,  # its own, which nobody reads: ours are in amends.telemetry
        )
        # A group that assigns before it knows the partitions may assign none and never notice.
        for topic in self._topics:
            if not kafka.partitions_for_topic(topic):
                kafka.close(autocommit=False, timeout_ms=_CLOSE_MS)
                raise UnknownTopicOrPartitionError(topic)
        return kafka


class _Session:
    """One connection: from its join to its end; used by one thread only."""

    def __init__(
        self, kafka: Kafka, bootstrap: str, dispatch: Dispatch, assigned: threading.Event
    ) -> None:
        self._kafka = kafka
        self._bootstrap = bootstrap
        self._look_at = time.monotonic() + _LOOK_EVERY
        self._dispatch = dispatch
        self._assigned = assigned
        self._progress: dict[TopicPartition, Progress] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._commit_at = time.monotonic() + _COMMIT_EVERY

    def run(self, stopping: threading.Event, pause: float) -> None:
        """Polls until told to stop, with a pause after what came; commits what was finished."""
        try:
            while not stopping.is_set():
                if self._round():
                    stopping.wait(pause)
            self._dispatch.stop(_STOP_PATIENCE)
            self._commit(blocking=True)
        finally:
            self._kafka.close(autocommit=False, timeout_ms=_CLOSE_MS)

    def _round(self) -> bool:
        """One poll; whether it brought something."""
        self._hold_back()
        found = self._kafka.poll(timeout_ms=_POLL_MS)
        self._follow_assignment()
        self._dispatch.put([one for each in found.items() for one in self._tasks(*each)])
        if time.monotonic() >= self._commit_at:
            self._commit(blocking=False)
        self._look_for_broker()
        return bool(found)

    def _look_for_broker(self) -> None:
        """Where none listens the session ends: what it remembers may hold for a lost topic only.

        kafka-python (3.0.12) goes on at its old positions when one listens again, or turns in
        circles and never joins its group.
        """
        if time.monotonic() >= self._look_at:
            require_broker(self._bootstrap)
            self._look_at = time.monotonic() + _LOOK_EVERY

    def _hold_back(self) -> None:
        """Polls on without taking records while too many wait: the membership stays alive."""
        if self._dispatch.unfinished >= _MOST_UNFINISHED:
            self._kafka.pause(*self._kafka.assignment())
        elif paused := self._kafka.paused():
            self._kafka.resume(*paused)

    def _follow_assignment(self) -> None:
        assigned = self._kafka.assignment()
        if assigned:
            self._assigned.set()
        for partition in self._progress.keys() - assigned:
            del self._progress[partition]
            self._committed.pop(partition, None)

    def _tasks(self, partition: TopicPartition, records: Sequence[KafkaRecord]) -> list[Task]:
        progress = self._progress.get(partition)
        if progress is None or records[0].offset < progress.next:
            # Newly ours, or ours again and set back: what was under way counts no more.
            progress = self._progress[partition] = Progress(records[0].offset)
        tasks = []
        for record in records:
            progress.began(record.offset)
            tasks += _task(record, progress)
        return tasks

    def _commit(self, *, blocking: bool) -> None:
        self._commit_at = time.monotonic() + _COMMIT_EVERY
        reached = {place: progress.committable() for place, progress in self._progress.items()}
        self._tell_lag(reached)
        news = {place: at for place, at in reached.items() if self._committed.get(place) != at}
        if not news:
            return
        offsets = {place: OffsetAndMetadata(at, "", -1) for place, at in news.items()}
        crash_point("offset.before")
        if blocking:
            self._kafka.commit(offsets, timeout_ms=_CLOSE_MS)
        else:
            self._kafka.commit_async(offsets, callback=self._committed_or_not)
        self._committed |= news

    def _tell_lag(self, reached: Mapping[TopicPartition, int]) -> None:
        """By topic; of what was not read yet nobody knows more than that it was not."""
        lags: dict[str, list[int]] = {}
        for place in self._kafka.assignment():
            end = self._kafka.highwater(place) or 0
            behind = end - reached.get(place, end)
            lags.setdefault(place.topic, []).append(max(0, behind))
        for topic, behind_each in lags.items():
            metrics.lagging(topic, sum(behind_each), len(behind_each))

    def _committed_or_not(self, offsets: Mapping[TopicPartition, object], answer: object) -> None:
        """A commit that failed is no commit: the next round sends it again."""
        crash_point("offset.after")
        if isinstance(answer, Exception):
            for place in offsets:
                self._committed.pop(place, None)


def _task(record: KafkaRecord, progress: Progress) -> list[Task]:
    """The record's task; none for what is no event of ours, which is finished by being logged."""
    try:
        envelope = _said(record)
    except NotAnEvent as error:
        telemetry.log().error(
            "not_an_event",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=str(error),
        )
        metrics.not_an_event(record.topic)
        progress.finished(record.offset)
        return []
    return [Task(envelope, lambda: progress.finished(record.offset))]


def _said(record: KafkaRecord) -> Envelope:
    """The record's event; each of our topics has one owner, who alone says something there."""
    envelope = from_record(record.key, record.value, record.headers)
    if record.topic in TOPICS and record.topic != topic_of(envelope.source):
        msg = "another service says it than the topic's own"
        raise NotAnEvent(msg)
    return envelope
