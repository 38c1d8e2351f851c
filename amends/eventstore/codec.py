"""Codec: a service's domain events as protobuf messages, and commands from requests.

Events never hold clear words: a `Personal` field is sealed on the way in and stays sealed on the
way out, to be opened by the vault when someone who may read asks. In requests and answers
(`from_message`, `to_message`) words are clear strings.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from google.protobuf import descriptor_pool
from google.protobuf.message import DecodeError, Message

from amends.eventstore.mapping import Plan, plan
from amends.eventstore.records import Origin
from amends.eventstore.sealing import Seal, SealedText
from amends.eventstore.shapes import CodecMismatch
from amends.v1 import event_pb2
from amends.values.money import InvalidMoney, Money
from amends.values.personal import Personal
from amends.values.refusal import InvalidField

M = TypeVar("M", bound=Message)
V = TypeVar("V")

_PACKAGE = "amends.v1"


class UnknownEvent(LookupError):
    """An event in the service's own log that this program does not know: stop, do not skip."""


class Undecodable(ValueError):
    """Bytes or fields that are no such event."""


class Codec:
    """Maps each of a service's event classes to the message `amends.v1.<ClassName>`.

    The generated modules must be imported before. Every field of the message must come from a
    field of the class and the other way round.

    Raises:
        CodecMismatch: a class and its message do not fit, or there is no such message.
    """

    def __init__(self, event_classes: Iterable[type]) -> None:
        self._by_class = {cls: _event_plan(cls) for cls in event_classes}
        self._by_type = {
            one.message_class.DESCRIPTOR.full_name: one for one in self._by_class.values()
        }
        self._records = {cls: _records(one) for cls, one in self._by_class.items()}

    @property
    def types(self) -> Collection[str]:
        """The protobuf full names of all events it knows."""
        return self._by_type.keys()

    def has_words(self, event: object) -> bool:
        """True where the event's class has personal words, here or further in."""
        return self._plan_of(event).personal

    def records_in(self, event: object) -> frozenset[str]:
        """The event's fields that identify a payment, which the law may have kept."""
        return self._records.get(type(event), frozenset())

    def encode(self, event: object, seal: Seal) -> tuple[str, bytes]:
        """(protobuf full name, bytes); `seal` is asked for each personal field.

        Raises:
            UnknownEvent: the class was not given to this codec.
        """
        found = self._plan_of(event)
        message = found.write(event, _EventBorder(seal, None))
        return found.message_class.DESCRIPTOR.full_name, message.SerializeToString(
            deterministic=True
        )

    def decode(self, event_type: str, data: bytes, origin: Origin) -> object:
        """The domain event; its words stay sealed (`Personal` of a `SealedText`).

        Raises:
            UnknownEvent: no class for this type.
            Undecodable: the bytes are not this event.
        """
        found = self._by_type.get(event_type)
        if found is None:
            msg = f"{event_type} is unknown here; a newer program wrote this log"
            raise UnknownEvent(msg)
        try:
            message = found.message_class.FromString(data)
        except DecodeError as error:
            msg = f"{event_type}: {error}"
            raise Undecodable(msg) from error
        try:
            return found.read(message, _EventBorder(None, origin))
        except InvalidMoney as error:
            raise Undecodable(str(error)) from error

    def _plan_of(self, event: object) -> Plan:
        found = self._by_class.get(type(event))
        if found is None:
            msg = f"{type(event).__name__} is no event of this service's codec"
            raise UnknownEvent(msg)
        return found


def from_message(message: Message, value_class: type[V], /, **given: object) -> V:
    """A request as a command: strings become `Personal` where the command says so.

    `given` holds the fields that the request does not have (or that need more than a mapping);
    fields of the message that the class does not have are ignored.

    Raises:
        InvalidField: a required message is not set, an enum value is unknown.
        InvalidMoney: an amount is not whole minor units of a known currency.
        CodecMismatch: the class needs a field that is neither in the message nor given.
    """
    by_caller = frozenset(given)
    found = plan(cast("Hashable", value_class), message.DESCRIPTOR, clear=True, without=by_caller)
    if found.missing:
        names = sorted(found.missing)
        msg = f"{message.DESCRIPTOR.full_name} lacks {names} of {value_class.__name__}"
        raise CodecMismatch(msg)
    return cast("V", found.read(message, _WireBorder(None), given=given))


def to_message(
    value: object,
    message_class: type[M],
    *,
    words: Callable[[Personal[str]], str] | None = None,
    without: Collection[str] = (),
) -> M:
    """A value as an answer; fields that only the message has are left for the caller to fill.

    `words` opens personal words (`Vault.clear`) for those who may read them; `without` names
    fields of the value that the message does not have on purpose.

    Raises:
        CodecMismatch: the value has another field that the message does not have.
    """
    found = plan(cast("Hashable", type(value)), message_class.DESCRIPTOR, clear=True)
    lost = found.unmatched - set(without)
    if lost:
        msg = f"{message_class.DESCRIPTOR.full_name} has no {sorted(lost)}"
        raise CodecMismatch(msg)
    return cast("M", found.write(value, _WireBorder(words)))


def _event_plan(cls: type) -> Plan:
    full_name = f"{_PACKAGE}.{cls.__name__}"
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    except KeyError:
        msg = f"no message {full_name}; is its generated module imported?"
        raise CodecMismatch(msg) from None
    found = plan(cls, descriptor, clear=False)
    if found.unmatched or found.unfed:
        msg = f"{full_name} and {cls.__name__} differ in {sorted(found.unmatched | found.unfed)}"
        raise CodecMismatch(msg)
    return found


def _records(found: Plan) -> frozenset[str]:
    """By the contract's field option; only in the event itself, not further in."""
    return frozenset(
        field.name
        for field in found.message_class.DESCRIPTOR.fields
        if field.GetOptions().Extensions[event_pb2.personal_data]  # type: ignore[index] # its stub is too narrow
        == event_pb2.PERSONAL_DATA_RECORD
    )


@dataclass(frozen=True, slots=True)
class _EventBorder:
    """In events words are sealed both ways."""

    seal: Seal | None
    origin: Origin | None

    def out(self, words: Personal[str], path: str, *, sealed: bool) -> event_pb2.Sealed:  # noqa: ARG002 - always
        if self.seal is None:
            msg = "an event is being read"
            raise AssertionError(msg)
        return self.seal(words, path).to_message()

    def back(self, raw: object, path: str, *, sealed: bool) -> Personal[str]:  # noqa: ARG002 - always
        if self.origin is None:
            msg = "an event is being written"
            raise AssertionError(msg)
        return SealedText.from_message(
            cast("event_pb2.Sealed", raw), self.origin.bind(path)
        ).as_personal()

    def amount(self, said: Money, path: str) -> Money:  # noqa: ARG002 - what happened stands
        return said

    def wrong(self, path: str, problem: str) -> Exception:
        return Undecodable(f"{path} {problem}")


@dataclass(frozen=True, slots=True)
class _WireBorder:
    """In requests and answers words are clear, for those who may read."""

    words: Callable[[Personal[str]], str] | None

    def out(self, words: Personal[str], path: str, *, sealed: bool) -> str | event_pb2.Sealed:
        held: object = words.value
        if sealed and isinstance(held, SealedText):
            return held.to_message()
        if not sealed and self.words is not None:
            return self.words(words)
        if not sealed and isinstance(held, str):
            return held
        msg = f"{path}: words are sealed; give to_message(words=vault.clear)"
        raise TypeError(msg)

    def back(self, raw: object, path: str, *, sealed: bool) -> Personal[str]:
        if sealed:
            msg = f"{path}: requests carry clear words"
            raise TypeError(msg)
        return Personal(cast("str", raw))

    def amount(self, said: Money, path: str) -> Money:
        return said.plausible(field=path)

    def wrong(self, path: str, problem: str) -> Exception:
        return InvalidField(path, f"{path} {problem}")
