"""I6: what a service published is on Kafka, in order per key once repeats are left out.

A consumer applies the next version of a stream and drops older ones. So a stream is in order if
such a consumer, reading from the beginning, ends with all of it and never has to ask its owner. It
is counted by positions of the log, two bits for each, so that memory stays bounded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, text

from amends.eventstore.comparing import Told
from amends.eventstore.findings import Checked, Finding, Place, Wrong, finding_at
from amends.eventstore.snapshot import reading
from amends.eventstore.verifying import Wire
from amends.kafka.topics import topic_of
from amends.verify.bits import Bits
from amends.verify.report import Report

_BATCH = 500
_LAST = text("SELECT coalesce(max(position), 0) FROM outbox")
_PUBLISHED = text("""
    SELECT position FROM outbox WHERE published_at > now() - make_interval(secs => :kept)
""")
_WAITING = text("""
    SELECT e.stream_id, e.version, e.position, e.event_id::text AS event_id, e.recorded_at
    FROM outbox JOIN events AS e USING (position)
    WHERE published_at IS NULL ORDER BY e.position LIMIT 1000
""")
_PLACES = text("""
    SELECT nth, e.position, e.prev_hash, e.hash, before.position AS before
    FROM unnest(CAST(:streams AS text[]), CAST(:versions AS integer[])) WITH ORDINALITY
        AS told (stream_id, version, nth)
    JOIN events AS e USING (stream_id, version)
    LEFT JOIN events AS before
        ON before.stream_id = e.stream_id AND before.version = e.version - 1
    ORDER BY nth
""")
_AT = text("""
    SELECT stream_id, version, position, event_id::text AS event_id
    FROM events WHERE position = ANY(:positions) ORDER BY stream_id, version
""")


class KafkaCheck:
    """The check `kafka`: hears every record of the wire while somebody reads it.

    `retained` is how long Kafka keeps a record; `moved` the seconds by which business time is
    ahead; `late` how long an event may wait for the relay.
    """

    name = "kafka"

    def __init__(
        self,
        databases: Mapping[str, str],
        *,
        retained: timedelta,
        moved: float,
        late: timedelta,
    ) -> None:
        self._databases = databases
        self._retained = retained
        self._moved = timedelta(seconds=moved)
        self._late = late
        self._logs: dict[str, _Log] = {}
        self._report = Report(self.name)

    def open(self, opened: ExitStack) -> None:
        """Notes what was published by now; the records up to a later end are heard after this."""
        for service, url in self._databases.items():
            conn = opened.enter_context(reading(url))
            self._logs[service] = _Log(conn, self._retained)

    def hear(self, batch: Sequence[Told]) -> None:
        """The next records, in order per stream."""
        by_source = sorted(batch, key=lambda one: one.source)  # stable
        for source, group in groupby(by_source, lambda one: one.source):
            log, told = self._logs.get(source), list(group)
            self._report.count(topic_of(source), "records", len(told))
            if log is not None:
                self._report.found(*log.hear(told))

    def close(self, now: datetime) -> None:
        """What of it was not heard."""
        for service, log in self._logs.items():
            self._report.count(service, "events published", log.expected.count())
            for wrong, what, rows in log.missed():
                for row in rows:
                    self._report.found(_missing(service, wrong, what, row))
            for row in log.waiting():
                since = row.recorded_at - self._moved
                if now - since > self._late:
                    what = f"it waits in the outbox since {since:%Y-%m-%d %H:%M:%S}Z"
                    self._report.found(_missing(service, Wrong.NOT_PUBLISHED, what, row))

    def missing(self) -> Mapping[str, Bits]:
        """The positions of what Kafka lacks, or has out of order, by service."""
        return {service: log.unheard() for service, log in self._logs.items()}

    def unchecked(self, why: str) -> None:
        """It could not be heard."""
        self._report.unchecked(why)

    def checked(self) -> Checked:
        """What was found."""
        return self._report.checked()


class Overheard:
    """A wire that somebody reads, with the check listening."""

    def __init__(self, wire: Wire, check: KafkaCheck, opened: ExitStack) -> None:
        self.name = wire.name
        self._wire = wire
        self._check = check
        self._opened = opened

    def mark(self) -> None:
        """What was published is noted before the end of the wire is."""
        self._check.open(self._opened)
        self._wire.mark()

    def told(self) -> Iterator[Told]:
        """Every record, heard by both."""
        told = self._wire.told()
        while batch := list(islice(told, _BATCH)):
            self._check.hear(batch)
            yield from batch


class _Log:
    """What one service published, by position: to be heard, heard, and heard in order."""

    def __init__(self, conn: Connection, retained: timedelta) -> None:
        self._conn = conn
        last = conn.execute(_LAST).scalar_one()
        self.expected, self._heard, self._in_order = Bits(last), Bits(last), Bits(last)
        rows = conn.execution_options(yield_per=10_000).execute(
            _PUBLISHED, {"kept": retained.total_seconds()}
        )
        for (position,) in rows:
            self.expected.add(position)

    def hear(self, told: Sequence[Told]) -> Iterator[Finding]:
        """Records, in order; what is younger than the log is passed over.

        What does not say, byte for byte, what the log says is wrong, and counts as not heard.
        """
        asked = {
            "streams": [one.link.stream for one in told],
            "versions": [one.link.version for one in told],
        }
        for nth, position, prev_hash, own, before in self._conn.execute(_PLACES, asked):
            one = told[nth - 1]
            if one.link.hashed(prev_hash) != own:
                what = "its bytes are not those that its owner's log holds"
                yield finding_at(one.place, Wrong.CHANGED, one.link, what, "the owner's log")
                continue
            self._heard.add(position)
            if before is None or before not in self.expected or before in self._in_order:
                self._in_order.add(position)

    def missed(self) -> Iterator[tuple[Wrong, str, Iterable[Row[Any]]]]:
        """What is not there, and what is there too late."""
        gone = (one for one in self.expected if one not in self._heard)
        what = "it was published and is not on Kafka"
        yield from ((Wrong.NOT_PUBLISHED, what, rows) for rows in self._rows(gone))
        behind = (one for one in self._heard if one not in self._in_order)
        what = "a later version stands before it, and none of those again behind it"
        yield from ((Wrong.OUT_OF_ORDER, what, rows) for rows in self._rows(behind))

    def unheard(self) -> Bits:
        """Everything of which a reader from the beginning would have to ask the owner."""
        return self.expected.without(self._in_order)

    def waiting(self) -> Iterable[Row[Any]]:
        """What nobody published yet, the oldest first."""
        return self._conn.execute(_WAITING).all()

    def _rows(self, positions: Iterator[int]) -> Iterator[Sequence[Row[Any]]]:
        while batch := list(islice(positions, _BATCH)):
            yield self._conn.execute(_AT, {"positions": batch}).all()


def _missing(service: str, wrong: Wrong, what: str, row: Row[Any]) -> Finding:
    return Finding(
        place=Place(service, "outbox"),
        wrong=wrong,
        what=what,
        stream=row.stream_id,
        version=row.version,
        event_id=row.event_id,
        position=row.position,
        witnesses=(topic_of(service),),
    )
