"""Verifying: whether every log is what was once appended to it.

A chain of hashes shows what was changed, swapped or left out, but not that its end is gone or that
it was hashed anew. So each log is compared with all who remember it: the inboxes of the other
services, its own outbox, and Kafka as far back as it keeps records. Witnesses are read as they were
before the logs, so that a log that goes on meanwhile is never found to lack anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby, islice
from typing import Any, Protocol

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from amends.eventstore.chain import Chain, Fault, Link
from amends.eventstore.comparing import Comparison, Told
from amends.eventstore.findings import (
    Checked,
    Finding,
    Findings,
    Looked,
    Place,
    Wrong,
    finding_at,
)
from amends.eventstore.snapshot import Snapshot, snapshot_of

_BATCH = 500
_MARKS = 2**27  # bits: 16 MB


class Wire(Protocol):
    """A witness outside the databases: the records on Kafka."""

    name: str

    def mark(self) -> None:
        """Remembers where it ends now; later records are not told.

        Raises:
            ConnectionError: it is away.
        """

    def told(self) -> Iterator[Told]:
        """Every record up to there, in order per stream."""


class WireAway(ConnectionError):
    """The witness outside the databases does not answer."""


class ChainCheck:
    """The check `chain` over the databases of the services (name -> URL)."""

    name = "chain"

    def __init__(self, databases: Mapping[str, str], wire: Wire | None = None) -> None:
        self._databases = databases
        self._wire = wire

    def run(self) -> Checked:
        """Looks at every log that answers, and at all who remember it."""
        with ExitStack() as opened:
            return _Run(opened).over(self._databases, self._wire)


class _Run:
    """One run: its snapshots, and what it has found so far."""

    def __init__(self, opened: ExitStack) -> None:
        self._opened = opened
        self._findings = Findings()
        self._looked: list[Looked] = []
        self._unchecked: list[str] = []
        self._comparison = Comparison({}, self._findings)

    def over(self, databases: Mapping[str, str], wire: Wire | None) -> Checked:
        """Opens the witnesses before the owners, then reads the one after the other."""
        witnesses = self._snapshots(databases)
        marked = wire is not None and self._try(wire.name, wire.mark)
        owners = self._snapshots({name: databases[name] for name in witnesses})
        self._comparison = Comparison(owners, self._findings)
        for name, owner in owners.items():
            self._try(name, lambda name=name, owner=owner: self._log(name, owner))
        for name, witness in witnesses.items():
            self._try(name, lambda name=name, witness=witness: self._inbox(name, witness))
        if wire is not None and marked:
            self._try(wire.name, lambda: self._records(wire))
        return Checked(
            ChainCheck.name,
            self._looked,
            self._findings.all(),
            list(dict.fromkeys(self._unchecked)),
            self._findings.unlisted,
        )

    def _snapshots(self, databases: Mapping[str, str]) -> dict[str, Snapshot]:
        found: dict[str, Snapshot] = {}
        for name, url in databases.items():
            self._try(name, lambda name=name, url=url: found.update({name: self._enter(url)}))
        return found

    def _enter(self, url: str) -> Snapshot:
        return self._opened.enter_context(snapshot_of(url))

    def _try(self, name: str, task: Any) -> bool:  # noqa: ANN401 - whatever the task returns
        """False where the part does not answer; the other parts are looked at all the same."""
        try:
            task()
        except (SQLAlchemyError, WireAway) as error:
            self._unchecked.append(f"{name} could not be read ({type(error).__name__})")
            return False
        return True

    def _log(self, service: str, owner: Snapshot) -> None:
        """The owner's own rows: the chain of each stream, its answers, and the outbox beside it."""
        place, streams, events = Place(service), 0, 0
        answered = _Marks(owner.answered())
        for _stream, links in groupby(owner.events(), lambda link: link.stream):
            streams += 1
            events += self._chain(place, links, answered)
        for row in owner.never_queued():
            what = "no append wrote it: it was never queued for the others"
            witness = f"outbox of {service}"
            self._findings.add(finding_at(place, Wrong.INSERTED, row, what, witness))
        for row in owner.queued_only():
            self._findings.add(_gone(place, row))
        counted = owner.counts()
        self._count(
            service,
            streams=streams,
            events=events,
            outbox=counted.outbox,
            answers=answered.count,
        )

    def _chain(self, place: Place, links: Iterable[Link], answered: "_Marks") -> int:
        """One stream; how many links."""
        chain, count, stream = Chain(), 0, ""
        for link in links:
            stream, count = link.stream, count + 1
            for fault in chain.add(link):
                self._findings.add(_fault(place, stream, fault))
            call = link.caused_by()
            if chain.whole and call is not None and call not in answered:
                what = "no append wrote it: the call that it names was never answered"
                witness = f"answers of {place.service}"
                self._findings.add(finding_at(place, Wrong.INSERTED, link, what, witness))
        for fault in chain.end():
            self._findings.add(_fault(place, stream, fault))
        return count

    def _inbox(self, service: str, witness: Snapshot) -> None:
        """The copies in one service's inbox: each chain by itself, then against its owner."""
        count = 0
        told = self._copies(service, witness)
        while batch := list(islice(told, _BATCH)):
            count += len(batch)
            self._comparison.add(batch)
        for row in witness.odd_heads():
            self._head(service, row)
        self._count(service, copies=count, heads=witness.counts().heads)

    def _copies(self, service: str, witness: Snapshot) -> Iterator[Told]:
        for (source, stream), copies in groupby(
            witness.inbox(), lambda copy: (copy[0], copy[1].stream)
        ):
            chain, place = Chain(), Place(service, "inbox", source)
            for _source, link in copies:
                for fault in chain.add(link):
                    self._findings.add(_fault(place, stream, fault))
                yield Told(f"inbox of {service}", place, source, link, chain.whole)
            for fault in chain.end():
                self._findings.add(_fault(place, stream, fault))

    def _head(self, service: str, row: Row[Any]) -> None:
        """An inbox that counted otherwise than its copies say."""
        place, kept = Place(service, "inbox", row.source), f"version {row.kept}"
        if row.head < row.kept:
            what = f"its copies go to {kept}, but it counted only {row.head}"
            wrong = Wrong.INSERTED
        else:
            what = f"its copies end with {kept}, but it counted {row.head}"
            wrong = Wrong.CUT_OFF
        first = min(row.head, row.kept) + 1
        self._findings.add(
            Finding(
                place=place,
                wrong=wrong,
                what=what,
                stream=row.stream_id,
                version=first,
                witnesses=(f"inbox_heads of {service}",),
            )
        )
        self._comparison.counted(f"inbox_heads of {service}", row.source, row.stream_id, row.head)

    def _records(self, wire: Wire) -> None:
        count, told = 0, wire.told()
        while batch := list(islice(told, _BATCH)):
            count += len(batch)
            self._comparison.add(batch)
        self._count(wire.name, records=count)

    def _count(self, where: str, **counts: int) -> None:
        self._looked += [Looked(where, what, count) for what, count in counts.items()]


class _Marks:
    """Whether something was among what was read, in fixed memory.

    "No" is certain. "Yes" is wrong for as many in a hundred as the marks are full: one where a
    store has remembered a million answers.
    """

    def __init__(self, read: Iterable[tuple[str, str]]) -> None:
        self.count = 0
        self._bits = bytearray(_MARKS // 8)
        for self.count, one in enumerate(read, 1):
            at = hash(one) % _MARKS
            self._bits[at // 8] |= 1 << at % 8

    def __contains__(self, one: tuple[str, str]) -> bool:
        at = hash(one) % _MARKS
        return bool(self._bits[at // 8] & 1 << at % 8)


def _gone(place: Place, row: Row[Any]) -> Finding:
    return Finding(
        place=place,
        wrong=Wrong.MISSING,
        what="its outbox row is there, but the event is not",
        position=row.position,
        witnesses=(f"outbox of {place.service}",),
    )


def _fault(place: Place, stream: str, fault: Fault) -> Finding:
    link = fault.link
    return Finding(
        place=place,
        wrong=fault.wrong,
        what=fault.what,
        stream=stream,
        version=fault.version,
        event_id=link.event_id if link else "",
        position=link.position if link else 0,
        witnesses=("the chain",),
    )
