"""The producer: a batch of events is on Kafka, in order, or the call says that it is not.

A failed batch may be there in part; publishing it again is harmless, since readers recognise
duplicates. After a failure the next call connects anew: what the old connection still held back is
dropped, never sent behind its own repeat.
"""

import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from amends.eventstore.records import Envelope
from amends.kafka.cloudevent import to_record
from amends.kafka.reach import require_broker
from amends.kafka.topics import id_of

Kafka = Any
"""A KafkaProducer; kafka-python comes without types."""
Acknowledgement = Any
"""Its future of one record."""

# Milliseconds after which a broker counts as away: for one request, and for one record in all.
_REQUEST_MS = 5_000
_DELIVERY_MS = 10_000
# The longest pause between two tries to connect (the client's own grows to 30 s).
_RECONNECT_MS = 250
_CLOSE_SECONDS = 2.0
# Seconds after which a broker that does not acknowledge is looked for.
_LOOK_EVERY = 0.5


class Producer:
    """Publishes to one topic; connects at the first use. Not for two threads at once."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._kafka: Kafka = None

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when every event is acknowledged by all in-sync replicas, in the order given.

        At most a relay's batch (500) at a time: Kafka's client buffers without a bound.

        Raises:
            KafkaError: Kafka is away or refused one; some may have arrived.
        """
        try:
            kafka = self._connected()
            sent = [_send(kafka, self._topic, envelope) for envelope in envelopes]
            self._flush(kafka)
            for acknowledgement in sent:
                acknowledgement.get(_DELIVERY_MS / 1000)
        except KafkaError:
            self.close()
            raise

    def topic_id(self) -> str:
        """Which topic it publishes to: one that was lost and made anew has another id.

        Raises:
            KafkaError: Kafka is away, or the topic is not there.
        """
        return id_of(self._bootstrap, self._topic)

    def reach(self) -> None:
        """Returns when a broker listens.

        Raises:
            KafkaConnectionError: none does; the connection is ended.
        """
        try:
            require_broker(self._bootstrap)
        except KafkaError:
            self.close()
            raise

    def close(self) -> None:
        """Ends the connection and drops what it holds back; the next `publish` makes a new one."""
        kafka, self._kafka = self._kafka, None
        if kafka is not None:
            # Its own `close` gives up where something is held back, and lets it be sent later.
            kafka._sender.force_close()  # noqa: SLF001 - nothing public drops it
            kafka.close(timeout=_CLOSE_SECONDS)

    def _flush(self, kafka: Kafka) -> None:
        """Waits for the acknowledgements, never past the moment at which no broker listens.

        A client that waits on would fill whatever topic it meets when one listens again.
        """
        ends = time.monotonic() + _DELIVERY_MS / 1000
        while True:
            try:
                kafka.flush(_LOOK_EVERY)
            except KafkaTimeoutError:
                if time.monotonic() > ends:
                    raise
                require_broker(self._bootstrap)
            else:
                return

    def _connected(self) -> Kafka:
        if self._kafka is None:
            require_broker(self._bootstrap)
            self._kafka = KafkaProducer(
                bootstrap_servers=self._bootstrap,
                bootstrap_timeout_ms=_REQUEST_MS,
                reconnect_backoff_max_ms=_RECONNECT_MS,
                acks="all",
                enable_idempotence=True,
                request_timeout_ms=_REQUEST_MS,
                delivery_timeout_ms=_DELIVERY_MS,
                max_block_ms=_REQUEST_MS,
                metrics_enabled=False,  # its own, which nobody reads
            )
            self._kafka.partitions_for(self._topic)  # the first send would block on cold metadata
        return self._kafka


def _send(kafka: Kafka, topic: str, envelope: Envelope) -> Acknowledgement:
    record = to_record(envelope)
    return kafka.send(topic, value=record.value, key=record.key, headers=record.headers)
