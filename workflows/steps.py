"""A step: one command of the workflow, the event that it follows from, and why, in words. Pure."""

from dataclasses import dataclass

from amends.values.identity import derived_request_id
from workflows.messages import Command, LifecycleInput
from workflows.names import Rpc


def in_words(kind: str) -> str:
    """GIFT_CERTIFICATE -> gift certificate."""
    return kind.lower().replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command.

    `cause` is the id of the event that it follows from: a retry, a rebuilt run and a second worker
    derive the same request id from it. `attempt` tells apart repeats after the same event.
    """

    rpc: Rpc
    words: str
    """What operations read beside it."""
    cause: str
    target: str = ""
    text: str = ""
    service: str = ""
    """Who is asked where the RPC is every service's."""
    attempt: int = 0

    @property
    def owner(self) -> str:
        """The service that decides it."""
        return self.service or self.rpc.service

    @property
    def key(self) -> str:
        """The same for every attempt."""
        return f"{self.owner}/{self.rpc.name}/{self.target}/{self.text}"

    def command(self, case: LifecycleInput) -> Command:
        """As the activity gets it."""
        target = self.target or case.escalation_id
        again = f"#{self.attempt}" if self.attempt else ""
        return Command(
            tenant=case.tenant,
            escalation_id=case.escalation_id,
            service=self.owner,
            request_id=derived_request_id(self.cause, self.rpc.name, target + again),
            cause=self.cause,
            target=self.target,
            text=self.text,
        )
