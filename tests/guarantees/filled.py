"""Filled: the example of an RPC as somebody of a shop would send it, naming what is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from amends.client import new_request_id
from amends.values.identity import Role
from deploy.demo.football_shoes import CUSTOMER
from tests.guarantees.desk import CHIEF, SAID
from tests.guarantees.places import CIVIL_TIME, MOMENT, Place, places
from tests.guarantees.reflected import Reflected
from tests.guarantees.shop import Shop

# Texts that are read by programs or looked up, not said by people.
_NOT_SAID = {
    "page_token",
    "watch_token",
    "timeline_page_token",
    "zone",
    "holidays",
    "subjects",
    "languages",
    "service",
    "shipping_service",
}
SKU = "FB-PREDATOR-42"
# What would make a refusal of another: an entry that is made, a version that has passed.
_AS_LITTLE_AS_POSSIBLE = {"allow_missing", "expected_version"}
_SOMEBODY_ELSE = {"manager", "stand_in", "to_decision_maker_id"}
_MANY_YEARS_ON = 2090
_MANY_YEARS_ON_AS_A_MOMENT = Timestamp(seconds=3_786_912_000)
_ROLES = (
    Role.DECISION_MAKER,
    Role.PLATFORM,
    Role.OPERATIONS,
    Role.SERVICE,
    Role.HANDLER,
    Role.AUDITOR,
    Role.MERCHANT,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is in a shop: ids by their prefix, references by their field's name."""

    ids: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> str:
        """The one that is known, or nothing."""
        return self.ids.get(kind, "")


def filled(example: Message, known: Known) -> Message:
    """The example with a new request id, with what is known there, and with people's words."""
    message = type(example)()
    message.CopyFrom(example)
    for place in places(message):
        if (value := _value(place, known, place.read(message))) is not None:
            place.put(message, value)
    return message


def caller_of(rpc: Reflected) -> Role:
    """Who may call it; the owner of the case before others."""
    if rpc.name == "SetAvailability":
        return Role.OPERATIONS  # a decision-maker speaks only for himself
    return next(role for role in _ROLES if role in rpc.roles)


def known_of(shop: Shop, played: Mapping[str, str]) -> Known:
    """The references of a shop, and the ids of what was played there."""
    references = {
        "customer": CUSTOMER,
        "order": shop.order,
        "shipment": f"SHP-{shop.order}",
        "sku": SKU,
        "dm_": shop.spare,
    }
    return Known({**references, **played})


def _value(place: Place, known: Known, found: object) -> object:
    """What stands there instead; None where it stays."""
    if place.field.name in _AS_LITTLE_AS_POSSIBLE:
        return place.field.default_value
    if place.whole == CIVIL_TIME:
        found.year = _MANY_YEARS_ON  # type: ignore[attr-defined]
    if place.whole == MOMENT:
        return _MANY_YEARS_ON_AS_A_MOMENT
    return _text(place, known) if place.is_text else None


def _text(place: Place, known: Known) -> str | None:
    name = place.field.name
    if place.rules.string.uuid:
        return new_request_id()
    if name in _SOMEBODY_ELSE:
        return CHIEF
    if kind := place.id_prefix or (name if name in known.ids else ""):
        return known.of(kind) or None
    return SAID if place.is_free_text and name not in _NOT_SAID else None
