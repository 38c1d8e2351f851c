"""Strategies: requests of any RPC, made from the contract: some right, most a little wrong.

A field keeps its rules nine times of ten, so that requests get past them and meet the domain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from tests.guarantees.desk import SAID
from tests.guarantees.places import AMOUNT, CIVIL_TIME, MOMENT, Place, rules_of

Values = st.SearchStrategy[Any]

_INT64, _INT32 = (1 << 63) - 1, (1 << 31) - 1
_SOON = 1_800_000_000  # seconds since 1970; in the years of the stories
_ODD = "\U0001f45f הנעליים مقاس e\u0301 \u202e\u200b\ufeff\ud7ff"
_CURRENCIES = ("GBP", "GBP", "GBP", "USD", "JPY", "KWD", "XAU", "gbp", "", SAID)
_ZONES = (
    "Europe/London",
    "Asia/Kolkata",
    "America/St_Johns",
    "Etc/GMT+12",
    "UTC",
    "",
    "Mars",
    SAID,
)
_ENTRIES = 3  # of a list, most often
_MANY = 120


@dataclass(frozen=True, slots=True)
class Names:
    """What requests may name: ids by their prefix, references by their field's name.

    `only` holds by message and field ("OpenEscalationRequest.customer") what may stand there at
    all, so that a run makes a handful of cases and not thousands.
    """

    known: Mapping[str, Sequence[str]]
    only: Mapping[str, Sequence[Any]]

    def allowed(self, one: FieldDescriptor) -> Sequence[Any]:
        """What may stand in a field; empty where anything may."""
        message: Any = one.containing_type
        return self.only.get(f"{message.name}.{one.name}", ())


def requests(kind: Descriptor, names: Names) -> st.SearchStrategy[Message]:
    """Requests of one kind."""
    return _message(kind, names)


def _message(kind: Descriptor, names: Names) -> st.SearchStrategy[Any]:
    whole = {AMOUNT: _money, MOMENT: _moment, CIVIL_TIME: _civil_time}.get(kind.full_name)
    if whole is not None:
        return whole(GetMessageClass(kind))
    fields: Any = kind.fields
    given = {one.name: _field(one, names) for one in fields}
    return st.fixed_dictionaries(given).map(lambda values: _made(kind, values))


def _made(kind: Descriptor, values: Mapping[str, Any]) -> Message:
    return GetMessageClass(kind)(
        **{name: value for name, value in values.items() if value is not None}
    )


def _field(one: FieldDescriptor, names: Names) -> Values:
    rules = rules_of(one)
    if one.is_repeated:
        item = _single(Place((one.name,), one, rules.repeated.items), names)
        few = st.lists(item, min_size=rules.repeated.min_items, max_size=_ENTRIES)
        return _mostly(few, st.just([]) | item.map(lambda value: [value] * _MANY))
    value = _single(Place((one.name,), one, rules), names)
    if one.message_type is not None:
        return _mostly(value, st.none()) if rules.required else value | st.none()
    return value


def _single(place: Place, names: Names) -> Values:
    if place.field.message_type is not None:
        return _message(place.field.message_type, names)
    if place.is_text:
        return _text(place, names)
    if place.field.enum_type is not None:
        return _enum(place, names)
    if place.is_number:
        return _number(place)
    return st.booleans()


def _text(place: Place, names: Names) -> Values:
    rules, name = place.rules.string, place.field.name
    hostile = st.sampled_from(["", "\0", f"{SAID}\0", SAID, _ODD, "x" * 20_000, "'; --", "%s{}"])
    if allowed := names.allowed(place.field):
        return _mostly(st.sampled_from(allowed), st.sampled_from(["\0", "x" * 20_000]))
    if rules.uuid:
        return _mostly(st.uuids().map(str), hostile)
    if kind := place.id_prefix:
        return _mostly(_sampled(names, kind) | _sampled(names, kind), _any_id(names) | hostile)
    if name in names.known:
        return _mostly(_sampled(names, name), st.text(max_size=40) | hostile)
    if rules.pattern:
        return _mostly(st.from_regex(rules.pattern, fullmatch=True), hostile)
    longest = min(rules.max_len or 60, 60)
    free = st.text(max_size=longest) | st.just(SAID[:longest]) | st.just(_ODD[:longest])
    return _mostly(free, hostile)


def _sampled(names: Names, kind: str) -> Values:
    known = names.known.get(kind, ())
    return st.sampled_from(known) if known else st.just(f"{kind}a" if kind.endswith("_") else "a")


def _any_id(names: Names) -> Values:
    every = [one for known in names.known.values() for one in known]
    unknown = st.sampled_from(["esc_", "asg_", "off_", "dm_"]).map(lambda kind: f"{kind}nobody")
    return st.sampled_from(every) | unknown


def _enum(place: Place, names: Names) -> Values:
    if allowed := names.allowed(place.field):
        return st.sampled_from(allowed)
    enum: Any = place.field.enum_type
    known = st.sampled_from([value.number for value in enum.values])
    return _mostly(known, st.integers(-_INT32 - 1, _INT32))


def _number(place: Place) -> Values:
    most = _INT32 if place.field.type == FieldDescriptor.TYPE_INT32 else _INT64
    rules = place.rules.int32 if place.rules.HasField("int32") else place.rules.int64
    small = st.integers(max(rules.gte, 0), min(rules.lte or 20, 20))
    return _mostly(small | st.just(0), st.integers(-most - 1, most))


def _money(kind: type[Message]) -> Values:
    whole = st.integers(0, 100)
    units = _mostly(whole, st.integers(-_INT64 - 1, _INT64))
    nanos = _mostly(st.just(0) | st.integers(0, 99).map(_hundredths), st.integers(-_INT32, _INT32))
    return st.builds(kind, currency_code=st.sampled_from(_CURRENCIES), units=units, nanos=nanos)


def _hundredths(count: int) -> int:
    return count * 10_000_000


def _moment(kind: type[Message]) -> Values:
    seconds = _mostly(st.integers(_SOON, 2 * _SOON), st.integers(-_INT64 - 1, _INT64))
    return st.builds(kind, seconds=seconds, nanos=_mostly(st.just(0), st.integers(-_INT32, _INT32)))


def _civil_time(kind: type[Message]) -> Values:
    def mostly(least: int, most: int) -> Values:
        return _mostly(st.integers(least, most), st.integers(-_INT32 - 1, _INT32))

    zone = st.sampled_from(_ZONES).map(lambda name: {"time_zone": {"id": name}})
    seconds = _mostly(st.integers(-50_400, 50_400), st.integers(-_INT64 - 1, _INT64))
    offset = seconds.map(lambda count: {"utc_offset": {"seconds": count}})
    place = _mostly(zone | offset, st.just({}))
    day = {"year": mostly(2080, 2099), "month": mostly(1, 12), "day": mostly(1, 31)}
    time = {"hours": mostly(0, 23), "minutes": mostly(0, 59), "seconds": mostly(0, 59)}
    moment = st.fixed_dictionaries({**day, **time})
    return st.tuples(moment, place).map(lambda both: kind(**both[0], **both[1]))


def _mostly(right: Values, wrong: Values) -> Values:
    """Nine times of ten the one, else the other."""
    return st.integers(0, 9).flatmap(lambda draw: right if draw < 9 else wrong)


@st.composite
def mutated(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes of a request with some cut off, changed, doubled or put in; or no request at all."""
    way = draw(st.sampled_from(["cut", "change", "double", "insert", "garbage"]))
    at = draw(st.integers(0, len(whole)))
    if way == "garbage":
        return draw(st.binary(max_size=200))
    if way == "cut":
        return whole[:at]
    if way == "double":
        return whole[:at] + whole
    odd = draw(st.binary(min_size=1, max_size=8))
    return whole[:at] + odd + whole[at + (len(odd) if way == "change" else 0) :]
