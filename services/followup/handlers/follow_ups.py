"""Follow-ups: everything that is decided about one case."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message

from amends.eventstore.log import Aggregate, EventLog, Recorded
from amends.eventstore.streams import StreamId, case_stream
from amends.values.identity import Call, EscalationId, Tenant
from amends.values.refusal import EscalationNotFound
from services.followup.domain import deciding, follow_up
from services.followup.domain.asking import ScheduleFollowUp
from services.followup.domain.case import Case
from services.followup.domain.debriefing import RequestDebrief
from services.followup.domain.deciding import Command
from services.followup.domain.follow_up import FollowUps
from services.followup.gateways import Owners
from services.followup.read_models import Cases

R = TypeVar("R", bound=Message)

FOLLOW_UPS: Aggregate[FollowUps, Command] = Aggregate(
    FollowUps(), deciding.decide, follow_up.evolve
)


class FollowUpHandlers:
    """The follow-ups of one case, decided one at a time."""

    def __init__(self, log: EventLog, cases: Cases, owners: Owners) -> None:
        self._log = log
        self._cases = cases
        self._owners = owners

    def decide(
        self,
        escalation: EscalationId,
        command: Command,
        call: Call,
        respond: Callable[[Recorded[FollowUps]], R],
    ) -> R:
        """Does what the command says to a case that intake opened.

        Raises:
            EscalationNotFound: intake has no such case.
            Refusal: the rules say no.
        """
        stream = case_stream(call.actor.tenant, escalation)
        knows_all = partial(self._owners.ask_resolution, stream)
        return self._log.decide(
            stream,
            FOLLOW_UPS,
            command,
            call,
            respond=respond,
            knowing=partial(
                self._known_owner if isinstance(command, RequestDebrief) else self.known, stream
            ),
            # Only this one is refused for what resolution has or has not said.
            refresh=knows_all if isinstance(command, ScheduleFollowUp) else None,
        )

    def load(self, tenant: Tenant, escalation: EscalationId) -> Recorded[FollowUps]:
        """How the follow-ups of a case stand; EscalationNotFound."""
        stream = case_stream(tenant, escalation)
        self.known(stream)
        return self._log.load(stream, FOLLOW_UPS)

    def known(self, stream: StreamId) -> Case:
        """The case as others told of it; EscalationNotFound."""
        found = self._cases.find(stream)
        if found is None:
            self._owners.ask_intake(stream)
            found = self._cases.find(stream)
        if found is None:
            raise EscalationNotFound(EscalationId(stream.subject))
        return found

    def _known_owner(self, stream: StreamId) -> Case:
        """The case with its owner, whom routing is asked for where it was not heard of one."""
        found = self.known(stream)
        if found.owner is not None:
            return found
        self._owners.ask_routing(stream)
        return self.known(stream)
