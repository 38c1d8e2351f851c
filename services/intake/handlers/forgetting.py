"""Forgetting: intake's part in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import reduce

from google.protobuf.empty_pb2 import Empty

from amends.eventstore.inbox import Inbox
from amends.eventstore.log import Aggregate, EventLog
from amends.eventstore.streams import StreamId
from amends.values.forgetting import OpenClaim
from amends.values.identity import Call, EscalationId
from services.intake.domain import forgetting
from services.intake.domain.advance import advance
from services.intake.domain.case import Case
from services.intake.domain.escalation import evolve
from services.intake.domain.forgetting import NoteForgotten
from services.intake.domain.progress import Progress
from services.intake.handlers.case_files import CaseFiles
from services.intake.read_models.cases import OTHERS

FORGETTING: Aggregate[Case, NoteForgotten] = Aggregate(Case(), forgetting.decide, evolve)


class ForgettingHandlers:
    """Intake's part in forgetting: it knows what each case waits for, and what was paid."""

    def __init__(
        self, log: EventLog, files: CaseFiles, inbox: Inbox, now: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._files = files
        self._inbox = inbox
        self._now = now

    def open_claim(self, case: StreamId) -> OpenClaim | None:
        """A case that is not made right, as its owners say now."""
        for source in OTHERS:
            self._inbox.catch_up(source, case.tenant, case.subject)
        progress = reduce(advance, self._files.facts(case), Progress())
        return forgetting.open_claim(EscalationId(case.subject), progress, self._now())

    def record_until(self, cases: Sequence[StreamId]) -> datetime | None:
        """When the last payment of any of the cases may be forgotten."""
        found = [until for case in cases if (until := self._record_until(case)) is not None]
        return max(found, default=None)

    def tell(self, case: StreamId, record_until: datetime | None, call: Call) -> None:
        """The timeline shows it; the other services hear of it."""
        escalation = EscalationId(case.subject)
        self._log.decide(
            case,
            FORGETTING,
            NoteForgotten(escalation=escalation, record_until=record_until, at=self._now()),
            call,
            respond=lambda _recorded: Empty(),
        )

    def _record_until(self, case: StreamId) -> datetime | None:
        policy = self._log.load(case, FORGETTING).state.policy
        return forgetting.record_until(self._files.facts(case), policy)
