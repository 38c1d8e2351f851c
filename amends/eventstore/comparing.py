"""Comparing: what witnesses remember of a log against what the log holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from amends.eventstore.chain import Link
from amends.eventstore.findings import Finding, Findings, Place, Wrong, finding_at
from amends.eventstore.snapshot import Said, Snapshot


@dataclass(frozen=True, slots=True)
class Told:
    """What a witness remembers; `link` is as much of the event as it keeps."""

    witness: str
    place: Place
    source: str
    link: Link
    whole: bool | None = None
    """Whether its own chain shows it to be what was said; None where nobody could tell yet."""


class Comparison:
    """Of any number of witnesses with the logs of all owners, in as many batches as they like."""

    def __init__(self, owners: Mapping[str, Snapshot], findings: Findings) -> None:
        self._owners = owners
        self._findings = findings
        self._rewritten: set[tuple[str, str]] = set()

    def add(self, batch: Sequence[Told]) -> None:
        """What was told, in order per stream; an owner who cannot be read is passed over."""
        by_source = sorted(batch, key=lambda one: one.source)  # stable: in order per stream
        for source, group in groupby(by_source, lambda one: one.source):
            owner = self._owners.get(source)
            if owner is None:
                continue
            told = list(group)
            places = [(one.link.stream, one.link.version) for one in told]
            for one, said in zip(told, owner.said(places), strict=True):
                self._judge(one, said)

    def _judge(self, told: Told, said: Said) -> None:
        """What is broken by itself was found there, and says nothing about the log."""
        if told.whole is False or said.hash == told.link.hash:
            return
        if said.hash is None:
            self._findings.add(_lost(told, said))
        else:
            self._contradicted(told, said)

    def _contradicted(self, told: Told, said: Said) -> None:
        """Log and witness say different things: which of the two was said first?

        Behind a predecessor that both have, only what was once appended there has a hash that fits;
        behind the first that differs, everything does.
        """
        link, key = told.link, (told.source, told.link.stream)
        if told.whole or key in self._rewritten or link.hashed(said.prev_hash) == link.hash:
            self._rewritten.add(key)
            what = "from here on the log holds other events than the witnesses remember"
            wrong, place, witness = Wrong.REWRITTEN, Place(told.source), told.witness
        else:
            what = "it is not what its owner said there, nor whole by itself"
            wrong, place, witness = Wrong.CHANGED, told.place, "its own hash"
        self._findings.add(finding_at(place, wrong, link, what, witness))

    def counted(self, witness: str, source: str, stream: str, version: int) -> None:
        """A witness knows only that there was a version."""
        owner = self._owners.get(source)
        if owner is None or not version:
            return
        [said] = owner.said([(stream, version)])
        if said.hash is None:
            what, wrong, first = _end(said, version)
            self._findings.add(
                Finding(
                    place=Place(source),
                    wrong=wrong,
                    what=what,
                    stream=stream,
                    version=first,
                    witnesses=(witness,),
                )
            )


def _lost(told: Told, said: Said) -> Finding:
    """The log lacks what a witness remembers."""
    link = told.link
    what, wrong, first = _end(said, link.version)
    found = finding_at(Place(told.source), wrong, link, what, told.witness)
    event_id = link.event_id if first == link.version else ""
    return replace(found, version=first, event_id=event_id, position=0)


def _end(said: Said, version: int) -> tuple[str, Wrong, int]:
    """(what, how it is called, first version): one in between, the end, or the whole stream."""
    if version <= said.head:
        return "it is not there, but its successor is", Wrong.MISSING, version
    if said.head:
        what = f"the log ends with version {said.head}, but there were more"
        return what, Wrong.CUT_OFF, said.head + 1
    return "the whole stream is gone", Wrong.CUT_OFF, 1
