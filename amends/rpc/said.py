"""With an answer to a service: what the log says since that service knew it last.

A service that names a case and a version in `amends-since` is answered in the trailer
`amends-said-bin` what a call of ReadEvents right behind its own would answer. Without that trailer,
because it was larger than metadata may be or the server is older, it calls ReadEvents.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.protobuf.message import Message

from amends.eventstore.log import EventLog
from amends.eventstore.streams import stream_of
from amends.rpc.identity import current
from amends.rpc.rpcs import Rpc
from amends.values.identity import Role

SINCE = "amends-since"
SAID = "amends-said-bin"

_SINCE = re.compile(r"(esc_[a-z0-9]{1,60}) ([0-9]{1,18})")
_MOST_EVENTS = 50
# gRPC's clients take 8 KiB of metadata; in base64, where it is needed, this is 5.4 of them.
_MOST_BYTES = 4096


def since(escalation_id: str, version: int) -> tuple[tuple[str, str], ...]:
    """The metadata that asks for it."""
    return ((SINCE, f"{escalation_id} {version}"),)


class SaidStep:
    """Tells who may call ReadEvents, and asked for it, what was said; nobody where `log` is None.

    Of the caller's tenant alone, and after a handler that answered.
    """

    def __init__(self, log: EventLog | None) -> None:
        self._log = log

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Reads after the handler; what does not fit is left to ReadEvents."""
        yield
        caller, asked = current(), dict(context.invocation_metadata()).get(SINCE, "")
        found = _SINCE.fullmatch(str(asked)) if asked and not rpc.streams else None
        if self._log is None or found is None or caller is None:
            return
        if caller.actor.role is not Role.SERVICE:
            return
        stream = stream_of(caller.actor.tenant, found[1])
        page = self._log.read_page(stream, int(found[2]), most=_MOST_EVENTS, most_bytes=_MOST_BYTES)
        said = page.SerializeToString()
        if page.events and not page.next_after_version and len(said) <= _MOST_BYTES:
            context.set_trailing_metadata(((SAID, said),))
