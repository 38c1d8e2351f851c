"""Relay: publishes the outbox, one active relay per service.

Two at a time would publish out of order within a key (measured), so the one that holds the
advisory lock leads, and every statement of its work runs on the connection that holds the lock:
who has lost the lock cannot go on. Who is frozen loses it with its connection.

Kafka may lose its topics with all that is in them: whoever leads looks first whether the topic is
the one that was published to, and publishes again from the log what another one lacks.
"""

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from amends import telemetry
from amends.crash_points import crash_point
from amends.eventstore import outbox
from amends.eventstore.records import Envelope, StoredEvent
from amends.eventstore.tracing import traced
from amends.eventstore.watch import Wake
from amends.telemetry import metrics

_BATCH = 500
_POLL = 1.0  # seconds; another process of the service may have committed
_LONGEST_SILENCE = 20
"""Seconds between two statements of a leader; longer than a batch may wait for Kafka."""
_LEAD = text("SELECT pg_try_advisory_lock(hashtext('amends relay'), hashtext(:source))")
_RESIGN = text("SELECT pg_advisory_unlock(hashtext('amends relay'), hashtext(:source))")


class Producer(Protocol):
    """Where events go."""

    def publish(self, records: Sequence[Envelope]) -> None:
        """Returns when all are acknowledged, in their order per key; raises when one is not."""

    def topic_id(self) -> str:
        """The topic as it is now: one that was lost and made anew has another id."""

    def reach(self) -> None:
        """Raises where nothing could be published now: the topic must be looked at again."""


class Relay:
    """Publishes what was committed, in order per stream, at least once.

    After it published something it may `pause`: what is committed in these seconds goes together.
    """

    def __init__(  # noqa: PLR0913 - wiring, once per service
        self,
        engine: Engine,
        producer: Producer,
        *,
        source: str,
        wake: Wake,
        retained: timedelta,
        pause: float = 0.0,
    ) -> None:
        self._own = create_engine(
            engine.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={**_SHORT, "options": f"-c idle_session_timeout={_LONGEST_SILENCE}s"},
        )
        self._producer = producer
        self._source = source
        self._wake = wake
        self._retained = retained
        self._pause = pause
        self._leading = threading.Event()

    @property
    def is_leading(self) -> bool:
        """True while this relay is the service's active one."""
        return self._leading.is_set()

    def run(self, stop: threading.Event) -> None:
        """Leads whenever nobody else does, until `stop` is set (a leader: and it is woken).

        Raises:
            sqlalchemy.exc.OperationalError, or what the producer raises: the world broke; call
                it again. Nothing is lost, the last batch may be published twice.
        """
        with self._own.connect() as conn:
            while not stop.is_set():
                if self._takes_the_lead(conn):
                    self._lead(conn, stop)
                else:
                    stop.wait(_POLL)

    def _takes_the_lead(self, conn: Connection) -> bool:
        return bool(conn.execute(_LEAD, {"source": self._source}).scalar_one())

    def _lead(self, conn: Connection, stop: threading.Event) -> None:
        self._leading.set()
        metrics.leading(leads=True)
        try:
            self._follow_topic(conn)
            while not stop.is_set():
                seen = self._wake.count
                published = self._publish(conn)
                if published and self._pause:
                    stop.wait(self._pause)
                if published < _BATCH and self._wake.wait(seen, _POLL) == seen:
                    self._producer.reach()
            conn.execute(_RESIGN, {"source": self._source})
        finally:
            self._leading.clear()
            metrics.leading(leads=False)

    def _follow_topic(self, conn: Connection) -> None:
        """Before anything is published, so that a lost topic is filled from its beginning on."""
        again = outbox.follow_topic(conn, self._producer.topic_id(), self._retained)
        if again:
            telemetry.log().warning("topic_was_lost", source=self._source, count=again)

    def _publish(self, conn: Connection) -> int:
        """One batch; how many."""
        events = outbox.waiting(conn, _BATCH)
        if events:
            crash_point("publish.before")
            self._send(events)
            crash_point("mark.before")
            outbox.mark_published(conn, events)
            crash_point("mark.after")
            metrics.published(len(events))
        return len(events)

    def _send(self, events: Sequence[StoredEvent]) -> None:
        with traced("producer", [event.envelope(self._source) for event in events]) as envelopes:
            self._producer.publish(envelopes)


# A leader whose database vanished must notice soon, since another may lead by then.
_SHORT = {
    "connect_timeout": 3,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "application_name": "amends relay",
}
