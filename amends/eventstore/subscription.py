"""Subscriptions: which events of other services a service takes in, and what it does with them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message
from sqlalchemy import Connection, Table

from amends.eventstore.records import Envelope

Handler = Callable[[Connection, Message, Envelope], None]


class Subscription(Protocol):
    """What a service wants to know from one other service.

    A handler runs in the transaction that takes the event in; it writes read models, never events
    of its own, and calls no other service. It must give the same tables when it is replayed.
    """

    @property
    def source(self) -> str:
        """The service that says it ("routing")."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By protobuf full name ("amends.v1.AssignmentAccepted")."""

    @property
    def tables(self) -> Sequence[Table]:
        """The read models that a rebuild empties before it replays."""


class Handlers:
    """All handlers of a service by (source, type).

    Raises:
        LookupError: a subscribed type has no message; is its generated module imported?
    """

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self.tables = tuple(table for one in subscriptions for table in one.tables)
        self._found = {
            (one.source, full_name): (_message_class(full_name), handler)
            for one in subscriptions
            for full_name, handler in one.handlers.items()
        }

    def apply(self, conn: Connection, envelope: Envelope) -> None:
        """Hands the event to its handler; a type that nobody subscribed to is passed over.

        Raises:
            google.protobuf.message.DecodeError: the bytes are not this event.
        """
        found = self._found.get((envelope.source, envelope.type))
        if found is not None:
            message_class, handler = found
            handler(conn, message_class.FromString(envelope.data), envelope)


def _message_class(full_name: str) -> type[Message]:
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    except KeyError:
        msg = f"no message {full_name}; is its generated module imported?"
        raise LookupError(msg) from None
    return message_factory.GetMessageClass(descriptor)
