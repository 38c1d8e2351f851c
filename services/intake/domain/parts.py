"""Parts: a long timeline is told a part at a time, the latest first.

Who sits at a desk needs what happened last; who wants all of it goes back from part to part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends.values.refusal import InvalidField
from services.intake.domain.timeline import Entry

Place = tuple[str, int]
"""(service, version): the event that an entry tells of."""

_MOST_ENTRIES = 500
# Well below the 4 MiB that a gRPC client takes unless it says otherwise.
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part is asked for: at most so many entries (0: as many as fit), before `token`'s."""

    size: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Entries in the order in which they happened; `earlier` asks for those before them."""

    entries: tuple[Entry, ...]
    earlier: str = ""


def part(timeline: Sequence[Entry], asked: Asked, sizes: Mapping[Place, int]) -> Part:
    """The part that ends before the token's entry, or with the timeline. `sizes`: bytes by event.

    Raises:
        InvalidField: the token is none of this timeline.
    """
    end = _end(timeline, asked.token)
    first, room = end, _MOST_BYTES
    while first and end - first < (asked.size or _MOST_ENTRIES):
        room -= sizes[_place(timeline[first - 1])]
        if room < 0 and first < end:
            break
        first -= 1
    return Part(tuple(timeline[first:end]), _token(timeline[first]) if first else "")


def _end(timeline: Sequence[Entry], token: str) -> int:
    if not token:
        return len(timeline)
    for index, entry in enumerate(timeline):
        if _token(entry) == token:
            return index
    message = "timeline_page_token must be one of this case; begin without one"
    raise InvalidField("timeline_page_token", message)


def _place(entry: Entry) -> Place:
    return entry.source, entry.version


def _token(entry: Entry) -> str:
    return f"{entry.source}:{entry.version}"
