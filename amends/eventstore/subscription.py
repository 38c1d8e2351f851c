"""Subscriptions: which events of other services a service takes in, and what it does with them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Protocol

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message
from sqlalchemy import Connection, Table

from amends.eventstore.records import Envelope

Handler = Callable[[Connection, Message, Envelope], None]
Told = tuple[Message, Envelope]


class Together(ABC):
    """A handler that takes what it is told at once with fewer statements than one by one."""

    @abstractmethod
    def together(self, conn: Connection, told: Sequence[Told]) -> None:
        """As if it were told one after the other, in this order."""

    def __call__(self, conn: Connection, message: Message, envelope: Envelope) -> None:
        """One alone."""
        self.together(conn, [(message, envelope)])


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

    def apply(self, conn: Connection, envelopes: Sequence[Envelope]) -> None:
        """Hands each event to its handler, in order; what nobody subscribed to is passed over.

        Raises:
            google.protobuf.message.DecodeError: the bytes are not this event.
        """
        for handler, pairs in groupby(self._told(envelopes), itemgetter(0)):
            told = [one for _, one in pairs]
            if isinstance(handler, Together):
                handler.together(conn, told)
            else:
                for message, envelope in told:
                    handler(conn, message, envelope)

    def _told(self, envelopes: Sequence[Envelope]) -> Iterator[tuple[Handler, Told]]:
        for envelope in envelopes:
            found = self._found.get((envelope.source, envelope.type))
            if found is not None:
                message_class, handler = found
                yield handler, (message_class.FromString(envelope.data), envelope)


def _message_class(full_name: str) -> type[Message]:
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    except KeyError:
        msg = f"no message {full_name}; is its generated module imported?"
        raise LookupError(msg) from None
    return message_factory.GetMessageClass(descriptor)
