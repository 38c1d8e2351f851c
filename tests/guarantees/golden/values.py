"""Values of every event class, filled from the annotations, and what they say as plain JSON."""

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from amends.eventstore.codec import Codec
from amends.eventstore.sealing import SealedText
from amends.foundation import ALARM_EVENTS
from amends.values.money import Money
from amends.values.personal import Personal
from services.followup import bootstrap as followup
from services.intake import bootstrap as intake
from services.resolution import bootstrap as resolution
from services.routing import bootstrap as routing

EVENTS: Mapping[str, tuple[type, ...]] = {
    service.NAME: tuple(dict.fromkeys((*service.EVENTS, *ALARM_EVENTS)))
    for service in (intake, routing, resolution, followup)
}
"""Every event class of each service, as its bootstrap gives them to the codec."""
CODECS = {name: Codec(classes) for name, classes in EVENTS.items()}

_FIRST = datetime(2026, 5, 2, 12, 0, 0, 123_456, tzinfo=UTC)
_CURRENCIES = ("GBP", "JPY", "KWD")


class Filling:
    """Values with something distinct in every field, the same at each run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def event(self, event_class: type) -> object:
        """An event with nothing left out."""
        return self._of(event_class, event_class.__name__)

    def _of(self, hint: Any, name: str) -> Any:  # noqa: ANN401 - one line per kind of value
        while isinstance(hint, typing.NewType):
            hint = hint.__supertype__
        origin, parts = typing.get_origin(hint), typing.get_args(hint)
        if origin in {typing.Union, types.UnionType}:
            return self._of(next(part for part in parts if part is not type(None)), name)
        if origin is tuple:
            return tuple(self._of(parts[0], f"{name}{n}") for n in range(2))
        if origin is Personal:
            return Personal(f"{name}: “ça grince” 👟 \N{HEBREW LETTER ALEF}")
        if dataclasses.is_dataclass(hint) and hint is not Money:
            hints, make = typing.get_type_hints(hint), typing.cast("Any", hint)
            named = [item.name for item in dataclasses.fields(hint) if item.init]
            return make(**{item: self._of(hints[item], item) for item in named})
        return self._plain(hint, name)

    def _plain(self, hint: type, name: str) -> Any:  # noqa: ANN401 - any plain value
        number = next(self._numbers)
        if issubclass(hint, enum.Enum):
            members = list(hint)
            return members[number % len(members)]
        made: dict[type, Any] = {
            str: f"{name}-{number}-ü",
            bool: True,
            int: number,
            bytes: bytes([number % 256, 0, 255]),
            datetime: _FIRST + timedelta(days=number, microseconds=number),
            date: (_FIRST + timedelta(days=number)).date(),
            timedelta: timedelta(days=number, microseconds=number),
            Money: Money(_CURRENCIES[number % len(_CURRENCIES)], 100_000 + number),
        }
        return made[hint]


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON, one line per kind of value
    """What a value says, as JSON; sealed words as `{"sealed": <bytes in hex>}`."""
    match value:
        case Personal():
            held: object = value.value
            return {"sealed": held.to_bytes().hex() if isinstance(held, SealedText) else ""}
        case enum.Enum():
            return value.name
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return str(value)
        case bytes():
            return value.hex()
        case tuple():
            return [plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            named = (item.name for item in dataclasses.fields(value))
            return {name: plain(getattr(value, name)) for name in named}
        case _:
            return value


def lost(recorded: Any, found: Any, path: str = "") -> list[str]:  # noqa: ANN401 - JSON
    """What was recorded and is found no more, by its path; fields added since must be empty."""
    if isinstance(recorded, dict) and isinstance(found, dict):
        changed = [
            difference
            for name, value in recorded.items()
            for difference in lost(value, found.get(name), f"{path}.{name}")
        ]
        added = [name for name in found.keys() - recorded.keys() if found[name]]
        return changed + [f"{path}.{name}: nobody said {found[name]!r}" for name in sorted(added)]
    if isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        pairs = enumerate(zip(recorded, found, strict=True))
        return [one for n, (was, now) in pairs for one in lost(was, now, f"{path}[{n}]")]
    return [] if recorded == found else [f"{path}: {recorded!r} became {found!r}"]
