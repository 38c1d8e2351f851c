"""The chain of one stream, link by link: what its hashes alone can show.

They show what was changed, swapped or left out. That the end is gone, or that everything was hashed
anew from some event on, only others can tell who remember it (`verifying`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations

from google.protobuf.message import DecodeError

from amends.eventstore.findings import Wrong
from amends.eventstore.records import FIRST, chain_hash
from amends.eventstore.streams import StreamId
from amends.v1 import event_pb2

_MOST_BROKEN = 50
"""Broken links of a stream that are compared with each other; each is reported in any case."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it stands in the database; `prev_hash` is None where the row does not keep it."""

    stream: str
    version: int
    position: int
    event_id: str
    type: str
    data: bytes
    meta: bytes
    prev_hash: bytes | None
    hash: bytes
    recorded_at: datetime
    behind: bytes = FIRST
    """What stands before it now; set where it is broken."""

    def caused_by(self) -> tuple[str, str] | None:
        """(tenant, request id) of the call that said it; None where there was none, or no saying.

        What cannot be read is no matter of calls: its hash has shown it.
        """
        try:
            stream, meta = StreamId.parse(self.stream), event_pb2.EventMeta.FromString(self.meta)
        except (ValueError, DecodeError):
            return None
        return (stream.tenant, meta.request_id) if meta.request_id else None

    def hashed(self, behind: bytes) -> bytes:
        """What its hash must be behind a predecessor."""
        return chain_hash(
            behind,
            self.stream,
            self.version,
            self.event_id,
            self.type,
            self.recorded_at,
            self.meta,
            self.data,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What the chain shows; `link` is the row that it concerns, None where a row is not there."""

    wrong: Wrong
    version: int
    what: str
    link: Link | None = None


class Chain:
    """Walks one stream, from its first version to its last."""

    def __init__(self) -> None:
        self._last: Link | None = None
        self._last_is_whole: bool | None = True
        self._broken: list[Link] = []

    @property
    def whole(self) -> bool | None:
        """Whether the link that was added last says what its hash was made of.

        None where nobody can tell: it is a copy whose predecessor is not there.
        """
        return self._last_is_whole

    def add(self, link: Link) -> Iterator[Fault]:
        """The next link by version; what is wrong with it, or before it."""
        due = self._last.version + 1 if self._last else 1
        follows = link.version == due
        if not follows:
            yield Fault(Wrong.MISSING, due, _missing(due, link.version - 1))
        behind = self._expected(link)
        whole = self._is_whole(link, behind, follows=follows)
        if whole is False:
            link = replace(link, behind=behind)
        if whole is False and len(self._broken) == _MOST_BROKEN:
            yield _changed(link)
        elif whole is False:
            self._broken.append(link)
        elif whole and follows and self._last_is_whole is not False:
            yield from self._joint(link)
        self._last, self._last_is_whole = link, whole

    def end(self) -> Iterator[Fault]:
        """What is wrong with the links that do not say what their hashes were made of."""
        behinds = _behinds(self._broken)
        left = [one for one in self._broken if not _was_moved(one, behinds)]
        partners = _partners(left, behinds)
        for link in left:
            partner = partners.get(link.version)
            if partner is None:
                yield _changed(link)
            else:
                what = f"it was exchanged with version {partner}"
                yield Fault(Wrong.SWAPPED, link.version, what, link)

    def _is_whole(self, link: Link, behind: bytes, *, follows: bool) -> bool | None:
        if link.prev_hash is None and not follows:
            return None
        behinds = [behind]
        if link.prev_hash is None and self._last and self._last_is_whole is False:
            behinds.append(self._last.hashed(self._last.behind))  # as it was before
        return any(link.hashed(behind) == link.hash for behind in behinds)

    def _expected(self, link: Link) -> bytes:
        if link.prev_hash is not None:
            return link.prev_hash
        return self._last.hash if self._last else FIRST

    def _joint(self, link: Link) -> Iterator[Fault]:
        """Two whole links that do not belong behind each other, or a link of another kind."""
        last = self._last
        if link.prev_hash is not None and link.prev_hash != (last.hash if last else FIRST):
            if last is None:
                what = "it was appended behind an event that is not there"
                yield Fault(Wrong.CHANGED, link.version, what, link)
            else:
                what = f"version {link.version} was appended behind another event than this one"
                yield Fault(Wrong.CHANGED, last.version, what, last)
        elif last is not None and link.position <= last.position:
            what = f"its position comes before that of version {last.version}"
            yield Fault(Wrong.SWAPPED, link.version, what, link)
        elif not _agrees(link):
            what = "its meta speaks of another stream, which no append writes"
            yield Fault(Wrong.INSERTED, link.version, what, link)


def _changed(link: Link) -> Fault:
    return Fault(Wrong.CHANGED, link.version, "it does not say what its hash was made of", link)


def _agrees(link: Link) -> bool:
    """Whether the meta belongs into the stream, which everything else takes for granted."""
    try:
        stream, meta = StreamId.parse(link.stream), event_pb2.EventMeta.FromString(link.meta)
    except (ValueError, DecodeError):
        return False
    return (meta.tenant, meta.correlation_id) == (stream.tenant, stream.subject)


def _behinds(broken: Sequence[Link]) -> list[bytes]:
    """Behind what copies may have been hashed that stand in another order now."""
    return [behind for one in broken if one.prev_hash is None for behind in (one.hash, one.behind)]


def _was_moved(link: Link, behinds: Sequence[bytes]) -> bool:
    """A copy whose neighbour was moved: it says what its hash was made of, behind another."""
    return any(link.hashed(behind) == link.hash for behind in behinds)


def _partners(broken: Sequence[Link], behinds: Sequence[bytes]) -> dict[int, int]:
    """The version with which each broken link was exchanged, where one explains its hash."""
    found: dict[int, int] = {}
    for link, other in permutations(broken, 2):
        if link.version not in found and _explains(link, other, behinds):
            found[link.version] = other.version
    return {one: other for one, other in found.items() if other in found}


def _explains(link: Link, other: Link, behinds: Sequence[bytes]) -> bool:
    """Whether the hash of a link is that of its content at the other's place, or the reverse."""
    exchanged = (
        replace(link, version=other.version),
        replace(link, event_id=other.event_id),
        replace(link, version=other.version, event_id=other.event_id),
        replace(other, version=link.version, event_id=link.event_id),
    )
    before = (link.behind, *behinds)
    return any(link.hash == one.hashed(behind) for one in exchanged for behind in before)


def _missing(first: int, last: int) -> str:
    if first == last:
        return "it is not there, but its successor is"
    return f"versions {first} to {last} are not there, but their successor is"
