"""Hostile requests: for every value of a request what must not be in it, and the answer to that.

Made from the contract alone: a field that is added is tried with everything that its type allows.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import datetime_pb2, money_pb2
from grpc import StatusCode

from tests.guarantees.desk import SAID
from tests.guarantees.places import AMOUNT, CIVIL_TIME, MOMENT, Place, places

WRONG = (StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")
NO_AMOUNT = (StatusCode.INVALID_ARGUMENT, "INVALID_MONEY")
PAST = (StatusCode.INVALID_ARGUMENT, "NEED_BY_IN_THE_PAST")
NO_ZONE = (StatusCode.INVALID_ARGUMENT, "NEED_BY_WITHOUT_ZONE")
STALE = (StatusCode.ABORTED, "VERSION_CONFLICT")
UNKNOWN: Mapping[str, tuple[StatusCode, str]] = {
    prefix: (StatusCode.NOT_FOUND, f"{what}_NOT_FOUND")
    for prefix, what in {
        "esc_": "ESCALATION",
        "dm_": "DECISION_MAKER",
        "asg_": "ASSIGNMENT",
        "hov_": "HAND_OVER",
        "grn_": "GRANT",
        "off_": "OFFER",
        "rem_": "REMEDY",
        "rsp_": "RESPONSE",
        "fup_": "FOLLOW_UP",
        "customer": "CUSTOMER",
        "order": "ORDER",
        "shipment": "SHIPMENT",
        "sku": "SKU",
    }.items()
}
"""What is answered to an id that nobody has, and to one of another tenant."""
# Ids that need not be known: a question about what is not there has an empty answer, and what
# replaces nothing that is known replaces nothing.
_MAY_BE_UNKNOWN = {"ReadEvents.subject", "RouteEscalation.replaces_assignment_id"}
# Filled in by the service, or told on: looked at nowhere.
_NOT_LOOKED_UP = {"ReserveAuthority.uses[0].remedy_id", "ReserveAuthority.uses[0].grant_id"}
_MEGABYTE = 1_000_000
_SURROGATE = ("~~~", b"\xed\xa0\x80")  # a lone surrogate, and what stands for it until it is bytes
_ENUM = 9_999
_TOKENS = ("%%%", "intake:x", "-1", "9" * 30, "2026-W01-1", "a b", "\u0661")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request with one wrong value, and what must be answered."""

    what: str
    place: str
    data: bytes
    expected: tuple[StatusCode, str]
    field: str = ""
    """The field that must be named; empty where none is wrong in itself."""

    def __str__(self) -> str:
        return f"{self.what} in {self.place}"


def hostile(rpc: str, request: Message, elsewhere: Callable[[str], str]) -> Iterator[Hostile]:
    """Everything wrong that a valid request can have; `elsewhere` names ids of another tenant."""
    for place in places(request):
        for what, value, expected in _wrong(place):
            changed = _with(request, place, value)
            field = place.name if expected[1] != STALE[1] else ""
            yield Hostile(what, place.name, changed.SerializeToString(), expected, field)
        if place.whole == CIVIL_TIME:
            yield from _times(request, place)
        if place.is_text:
            yield _not_utf8(request, place)
        yield from _unknown(rpc, request, place, elsewhere)


def _wrong(place: Place) -> Iterator[tuple[str, object, tuple[StatusCode, str]]]:
    if place.is_text:
        yield from _texts(place)
    elif place.field.enum_type is not None:
        yield "an unknown enum number", _ENUM, WRONG
        if 0 in place.rules.enum.not_in:
            yield "an unspecified enum", 0, WRONG
    elif place.is_number:
        yield from _numbers(place)
    elif place.whole == AMOUNT:
        yield from ((what, amount, NO_AMOUNT) for what, amount in _amounts())
    elif place.whole == MOMENT:
        yield "a moment in the year 20000", Timestamp(seconds=600_000_000_000), WRONG
        yield "a moment with too many nanos", Timestamp(nanos=1_000_000_000), WRONG


def _texts(place: Place) -> Iterator[tuple[str, object, tuple[StatusCode, str]]]:
    if not place.takes("") and not place.rules.string.uuid:
        yield "an empty text", "", WRONG
    yield "a text of a megabyte", "x" * _MEGABYTE, WRONG
    yield "a NUL", f"{SAID}\0", WRONG
    if not place.is_free_text:
        yield "somebody's words", SAID, WRONG
        yield "emoji and right-to-left text", "\U0001f45f הנעליים", WRONG
    if prefix := place.id_prefix:
        other = "asg_" if prefix == "esc_" else "esc_"
        yield "an id of another kind", f"{other}2h9dkq7mz4x6w3n5v1rty", WRONG
    if place.field.name.endswith(("page_token", "watch_token")):
        nul = base64.urlsafe_b64encode(b"2026-11-21T10:00:00+00:00 esc_\0").decode()
        yield from (("a broken token", token, WRONG) for token in (*_TOKENS, nul))


def _numbers(place: Place) -> Iterator[tuple[str, object, tuple[StatusCode, str]]]:
    rules = place.rules.int32 if place.rules.HasField("int32") else place.rules.int64
    yield "a number below the least", rules.gte - 1, WRONG
    if rules.HasField("lte"):
        yield "a number above the most", rules.lte + 1, WRONG
    if place.field.name == "expected_version":
        yield "a stale version", 900_000, STALE


def _amounts() -> Iterator[tuple[str, Message]]:
    def money(currency: str, units: int, nanos: int = 0) -> Message:
        found: Message = money_pb2.Money(currency_code=currency, units=units, nanos=nanos)
        return found

    yield "units and nanos of opposite sign", money("GBP", 5, -500_000_000)
    yield "12.345 USD", money("USD", 12, 345_000_000)
    yield "5.5 JPY", money("JPY", 5, 500_000_000)
    yield "an unknown currency", money(SAID, 5)
    yield "no currency", money("", 5)
    yield "a negative amount", money("GBP", -5)
    yield "an amount that overflows", money("GBP", (1 << 63) - 1)
    yield "more nanos than a unit has", money("GBP", 5, 1_500_000_000)


def _times(request: Message, place: Place) -> Iterator[Hostile]:
    """A need-by in every way that it can be none."""

    def at(day: tuple[int, int, int], hour: int, zone: str = "Europe/London") -> Message:
        year, month, date = day
        found: Message = datetime_pb2.DateTime(
            year=year, month=month, day=date, hours=hour, time_zone={"id": zone}
        )
        return found

    def offset(seconds: int) -> Message:
        found: Message = datetime_pb2.DateTime(
            year=2090, month=1, day=1, utc_offset={"seconds": seconds}
        )
        return found

    zone, of_offset = f"{place.name}.time_zone.id", f"{place.name}.utc_offset"
    wrong = (
        ("a need-by in the past", at((2020, 1, 1), 10), PAST, place.name),
        ("a need-by in a DST gap", at((2090, 3, 26), 1), WRONG, place.name),
        ("an unknown zone", at((2090, 1, 1), 10, SAID), WRONG, zone),
        ("a zone that is a folder", at((2090, 1, 1), 10, "Europe"), WRONG, zone),
        ("a zone of the machine", at((2090, 1, 1), 10, "localtime"), WRONG, zone),
        ("a zone beyond the zones", at((2090, 1, 1), 10, "../../etc/passwd"), WRONG, zone),
        ("a zone of a megabyte", at((2090, 1, 1), 10, "x" * _MEGABYTE), WRONG, zone),
        ("the 30th of February", at((2090, 2, 30), 10), WRONG, place.name),
        ("the 25th hour", at((2090, 2, 3), 25), WRONG, place.name),
        ("a day of no year", at((0, 2, 3), 10), WRONG, place.name),
        ("an offset of a day", offset(86_400), WRONG, of_offset),
        ("an offset that overflows", offset(1 << 62), WRONG, of_offset),
    )
    for what, said, expected, field in wrong:
        data = _with(request, place, said).SerializeToString()
        yield Hostile(what, place.name, data, expected, field)
    nowhere = datetime_pb2.DateTime(year=2090, month=1, day=1, hours=10)
    data = _with(request, place, nowhere).SerializeToString()
    yield Hostile("a need-by without a zone", place.name, data, NO_ZONE, place.name)


def _not_utf8(request: Message, place: Place) -> Hostile:
    stands_for, surrogate = _SURROGATE
    data = _with(request, place, stands_for).SerializeToString()
    assert data.count(stands_for.encode()) == 1
    sent = data.replace(stands_for.encode(), surrogate)
    return Hostile("a lone surrogate", place.name, sent, WRONG, "request")


def _unknown(
    rpc: str, request: Message, place: Place, elsewhere: Callable[[str], str]
) -> Iterator[Hostile]:
    kind = place.id_prefix or (place.field.name if place.is_free_text else "")
    where = f"{rpc}.{place.name}"
    if kind not in UNKNOWN or where in _MAY_BE_UNKNOWN | _NOT_LOOKED_UP:
        return
    if not place.id_prefix and not rpc.startswith(("Get", "Quote", "Create", "Issue", "Request")):
        return  # intake takes a reference as it comes: the context says later what it is
    strange = f"{kind}2h9dkq7mz4x6w3n5v1zzz" if place.id_prefix else f"{SAID} {kind}"
    for what, value in (("an unknown id", strange), ("another tenant's id", elsewhere(kind))):
        if value:
            data = _with(request, place, value).SerializeToString()
            yield Hostile(what, place.name, data, UNKNOWN[kind])


def _with(request: Message, place: Place, value: object) -> Message:
    changed = type(request)()
    changed.CopyFrom(request)
    place.put(changed, value)
    return changed
