"""How many events the inbox took in, and how many it knew, for the metrics."""

from collections import Counter
from collections.abc import Mapping, Sequence

from amends.eventstore.received import Key
from amends.eventstore.records import Envelope
from amends.telemetry import metrics


def count_taken(
    by_key: Mapping[Key, Sequence[Envelope]], taken: Sequence[Envelope], gaps: Mapping[Key, int]
) -> None:
    """What was neither taken in nor waits behind a gap had come before."""
    fresh: dict[str, int] = {}
    again: dict[str, int] = {}
    for one in taken:
        fresh[one.source] = fresh.get(one.source, 0) + 1
    for (source, stream), envelopes in by_key.items():
        ahead = gaps.get((source, stream))
        known = [one for one in envelopes if ahead is None or one.version <= ahead]
        again[source] = again.get(source, 0) + len(known)
    for source, number in again.items():
        new = fresh.get(source, 0)
        metrics.received(source, new, number - new)


def count_repeated(envelopes: Sequence[Envelope], by_key: Mapping[Key, Sequence[Envelope]]) -> None:
    """What came more than once in the same batch."""
    if len(envelopes) == sum(map(len, by_key.values())):
        return
    once = Counter(one.source for kept in by_key.values() for one in kept)
    for source, number in (Counter(one.source for one in envelopes) - once).items():
        metrics.received(source, 0, number)
