"""Watching: one case live, every event of every service, each once, resumable anywhere.

A watch token is one version per service. It only says what was sent, so it may be used later, at
another server, and by another caller of the tenant.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from amends.eventstore.records import Envelope
from amends.eventstore.streams import StreamId
from amends.eventstore.watch import Wake
from amends.v1 import intake_service_pb2 as pb
from amends.values.refusal import EscalationNotFound, InvalidField
from services.intake import wire
from services.intake.case_files import FROM_THE_START, CaseFiles
from services.intake.domain.advance import advance
from services.intake.domain.facts import Fact
from services.intake.domain.progress import Progress
from services.intake.domain.timeline import in_order, speech_of, tell
from services.intake.read_models import SOURCE

_LOOK_AGAIN = 1.0  # seconds; another process of the service may have committed
_PART = re.compile(r"([a-z]+):(\d{1,9})")


class Watching:
    """Follows cases for the servicer's streams."""

    def __init__(self, files: CaseFiles, wake: Wake) -> None:
        self._files = files
        self._wake = wake

    def follow(
        self, stream: StreamId, token: str, stays_open: Callable[[], bool]
    ) -> Iterator[pb.WatchEscalationResponse]:
        """Sends what came after the token until the case is closed and all of it was sent.

        Ends sooner when `stays_open` says so; the last token that was sent resumes it.

        Raises:
            InvalidField: the token is none of ours.
            EscalationNotFound: there is no such case in this tenant.
        """
        sent = Sent.at(token)
        facts = self._before(stream, sent)
        while stays_open():
            seen = self._wake.count
            fresh = self._files.since(stream, sent.versions)
            yield from self._told(facts, fresh, sent)
            if fresh:
                continue
            if reduce(advance, facts, Progress()).closed:
                return
            self._wake.wait(seen, _LOOK_AGAIN)

    def _before(self, stream: StreamId, sent: "Sent") -> list[Fact]:
        """What was sent before, since later sentences speak of it."""
        everything = self._files.since(stream, FROM_THE_START)
        if not any(one.source == SOURCE for one in everything):
            raise EscalationNotFound(stream.subject)
        return [wire.fact(one) for one in everything if sent.has(one)]

    @staticmethod
    def _told(
        facts: list[Fact], fresh: list[Envelope], sent: "Sent"
    ) -> Iterator[pb.WatchEscalationResponse]:
        envelopes = {(one.source, one.version): one for one in fresh}
        news = in_order([wire.fact(one) for one in fresh])
        facts.extend(news)
        speech = speech_of(facts)
        for fact in news:
            envelope = envelopes[fact.source, fact.version]
            sent.add(envelope)
            yield pb.WatchEscalationResponse(
                entry=wire.timeline_entry(tell(fact, speech)),
                event=envelope.to_message(),
                watch_token=sent.token,
            )


@dataclass(slots=True)
class Sent:
    """How far a watcher was told: the version of each service's stream."""

    versions: dict[str, int]

    @classmethod
    def at(cls, token: str) -> "Sent":
        """Where a token stands; nothing was sent where it is empty.

        Raises:
            InvalidField: it is none of ours.
        """
        versions = dict(FROM_THE_START)
        for part in token.split(".") if token else ():
            found = _PART.fullmatch(part)
            if found is None or found[1] not in versions:
                message = "watch_token is none of this stream; begin without one"
                raise InvalidField("watch_token", message)
            versions[found[1]] = int(found[2])
        return cls(versions)

    @property
    def token(self) -> str:
        """Resumes after what was sent."""
        return ".".join(f"{source}:{version}" for source, version in self.versions.items())

    def has(self, envelope: Envelope) -> bool:
        """Whether it was sent before."""
        return envelope.version <= self.versions[envelope.source]

    def add(self, envelope: Envelope) -> None:
        """It was sent."""
        self.versions[envelope.source] = envelope.version
