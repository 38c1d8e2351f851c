"""Questions to the services that own what follow-up only keeps a view of.

A yes may come from the view; before a no, its owner is asked what is new.
"""

from amends.eventstore.inbox import Inbox
from amends.eventstore.streams import StreamId


class Owners:
    """The other services, asked for what they said about one case since the view heard last."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def ask_intake(self, stream: StreamId) -> None:
        """Takes in what intake has said since."""
        self._inbox.catch_up("intake", stream.tenant, stream.subject)

    def ask_resolution(self, stream: StreamId) -> None:
        """Takes in what resolution has said since."""
        self._inbox.catch_up("resolution", stream.tenant, stream.subject)

    def ask_routing(self, stream: StreamId) -> None:
        """Takes in what routing has said since."""
        self._inbox.catch_up("routing", stream.tenant, stream.subject)
