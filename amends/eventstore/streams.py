"""Streams: one per escalation in each service, one per decision-maker in the directory."""

from typing import NamedTuple

from amends.values.identity import DecisionMakerId, EscalationId, Tenant

_KIND_OF_PREFIX = {"esc_": "escalation", "dm_": "decision-maker"}


class StreamId(NamedTuple):
    """Names a stream; its text is `<tenant>/<kind>/<subject>` and is part of every hash."""

    tenant: Tenant
    kind: str
    subject: str

    def __str__(self) -> str:
        return f"{self.tenant}/{self.kind}/{self.subject}"

    @classmethod
    def parse(cls, text: str) -> "StreamId":
        """Back from its text.

        Raises:
            ValueError: the text is not `<tenant>/<kind>/<subject>`.
        """
        tenant, kind, subject = text.rsplit("/", 2) if text.count("/") > 1 else ("", "", "")
        if not (tenant and subject) or kind not in _KIND_OF_PREFIX.values():
            msg = f"{text!r} is no stream"
            raise ValueError(msg)
        return cls(Tenant(tenant), kind, subject)


def case_stream(tenant: Tenant, escalation: EscalationId) -> StreamId:
    """Everything that one service says about one escalation."""
    return StreamId(tenant, "escalation", escalation)


def directory_stream(tenant: Tenant, decision_maker: DecisionMakerId) -> StreamId:
    """What the directory says about one decision-maker."""
    return StreamId(tenant, "decision-maker", decision_maker)


def stream_of(tenant: Tenant, subject: str) -> StreamId:
    """The stream of a subject (`esc_...` or `dm_...`), as ReadEvents names it.

    Raises:
        ValueError: the subject has neither prefix.
    """
    for prefix, kind in _KIND_OF_PREFIX.items():
        if subject.startswith(prefix):
            return StreamId(tenant, kind, subject)
    msg = f"{subject!r} names neither an escalation nor a decision-maker"
    raise ValueError(msg)
