"""Words that can be recognised anywhere, in every field of the contract that is sealed.

The fields are found in the contract: a text in a request that has the name of a sealed field of an
event. Each planted text begins with one mark for words or one for references, so that a search
for the two marks, in every form in which a program may write them, is a search for all texts.
"""

import base64
import json
import urllib.parse
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from amends.v1 import (
    event_pb2,
    followup_events_pb2,
    followup_service_pb2,
    intake_events_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
)

M = TypeVar("M", bound=Message)

WORDS = "Schnürsenkelgespräch"
REFERENCES = "Vöglein"
# Long enough that no chance bytes are it, and with a letter that programs like to escape.
_SERVICES = (
    intake_service_pb2,
    routing_service_pb2,
    resolution_service_pb2,
    followup_service_pb2,
)
_EVENTS = (intake_events_pb2, routing_events_pb2, resolution_events_pb2, followup_events_pb2)


def sealed_fields() -> Mapping[str, event_pb2.PersonalData]:
    """Every sealed field of an event, by its full name, with what it is kept for."""
    return {
        one.full_name: one.GetOptions().Extensions[event_pb2.personal_data]
        for module in _EVENTS
        for message in module.DESCRIPTOR.message_types_by_name.values()
        for one in message.fields
        if one.message_type is not None and one.message_type.name == "Sealed"
    }


def planted_fields() -> frozenset[str]:
    """Every field of a request that is sealed later, by its full name."""
    return frozenset(
        one.full_name
        for module in _SERVICES
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
        for one in _personal(method.input_type)
    )


def _personal(message: Descriptor) -> Iterator[FieldDescriptor]:
    names = {name.rpartition(".")[2] for name in sealed_fields()}
    for one in message.fields:
        if one.type == FieldDescriptor.TYPE_STRING and one.name in names:
            yield one
        elif one.message_type is not None and one.message_type.file.package == "amends.v1":
            yield from _personal(one.message_type)


@dataclass
class Person:
    """A customer who says a text of their own in each field, and what was said so far."""

    name: str
    said: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.customer = self.reference()

    def reference(self) -> str:
        """A reference of a customer or of an order."""
        return f"{REFERENCES} {self.name} {uuid.uuid4().hex[:8]}"

    def says(self, request: M) -> M:
        """The request with words in every field for them; references are those that it has."""
        self._fill(request)
        return request

    def _fill(self, message: Message) -> None:
        for one in message.DESCRIPTOR.fields:
            if one.message_type is not None and not one.is_repeated:
                if message.HasField(one.name):
                    self._fill(getattr(message, one.name))
            elif one.full_name in _PLANTED:
                if not getattr(message, one.name):
                    setattr(
                        message, one.name, f"{WORDS} {self.name} {one.full_name} {uuid.uuid4()}"
                    )
                self.said.setdefault(one.full_name, []).append(getattr(message, one.name))

    @property
    def texts(self) -> list[str]:
        """All words that were said; without the references."""
        return [text for texts in self.said.values() for text in texts if text.startswith(WORDS)]


_PLANTED = planted_fields()


def forms(mark: str) -> frozenset[bytes]:
    """The mark as it may be written: plain, in base64, in hex, escaped."""
    plain = mark.encode()
    written = {plain, mark.encode("utf-16-le"), mark.encode("latin-1")}
    escaped = json.dumps(mark)[1:-1]
    written |= {escaped.encode(), escaped.upper().encode(), urllib.parse.quote(mark).encode()}
    written |= {mark.encode("unicode_escape"), repr(plain)[2:-1].encode(), _octal(plain)}
    written |= {plain.hex().encode(), plain.hex().upper().encode(), *_base64(plain)}
    return frozenset(written)


def _octal(data: bytes) -> bytes:
    """As protobuf's text form writes it."""
    return b"".join(b"\\%03o" % one if one > 127 else bytes([one]) for one in data)


def _base64(data: bytes) -> Iterator[bytes]:
    """The part that is the same wherever in a longer text it stands, for each alignment."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + data)
        whole = encoded[4 if shift else 0 : (shift + len(data)) // 3 * 4]
        yield whole
        yield whole.replace(b"+", b"-").replace(b"/", b"_")


def _by_beginning(mark: str) -> Mapping[bytes, list[bytes]]:
    """The forms by how they begin, so that most are searched for together."""
    found: dict[bytes, list[bytes]] = {}
    for form in sorted(forms(mark)):
        found.setdefault(form[:4], []).append(form)
    return found


_FORMS = {mark: _by_beginning(mark) for mark in (WORDS, REFERENCES)}


def found_in(content: bytes, marks: Iterable[str] = (WORDS, REFERENCES)) -> list[str]:
    """What of the marks stands in it, as it is written there with what follows."""
    return [
        _shown(content, form)
        for mark in marks
        for beginning, written in _FORMS[mark].items()
        if beginning in content
        for form in written
        if form in content
    ]


def _shown(content: bytes, form: bytes) -> str:
    at = content.index(form)
    return content[at : at + len(form) + 60].decode(errors="replace")
