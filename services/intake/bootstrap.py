"""Wires intake; building it connects to nothing."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from amends.eventstore.codec import Codec
from amends.eventstore.inbox import Inbox
from amends.eventstore.log import EventLog
from amends.foundation import ALARM_EVENTS, Foundation, Model
from amends.kafka.dispatch import Gathering
from amends.process import App
from amends.settings import Settings
from amends.v1.intake_service_pb2_grpc import add_IntakeServiceServicer_to_server
from services.intake.domain.contact import ContactRecorded
from services.intake.domain.context import ContextRecorded
from services.intake.domain.forgetting import CustomerForgotten
from services.intake.domain.opening import EscalationOpened
from services.intake.domain.problem import ProblemConfirmed, ProblemRestated
from services.intake.gateways import Merchant
from services.intake.handlers.case_files import CaseFiles
from services.intake.handlers.cases import CaseHandlers
from services.intake.handlers.contexts import ContextHandlers
from services.intake.handlers.forgetting import ForgettingHandlers
from services.intake.handlers.gauges import of_cases
from services.intake.handlers.openings import OpeningHandlers
from services.intake.read_models.cases import OTHERS, SOURCE, Cases, OpenCases, Queries
from services.intake.servicer import IntakeServicer, Watching
from services.intake.subscriptions import CaseSubscription

NAME = SOURCE
MIGRATIONS = Path(__file__).with_name("migrations")
_GATHERING = Gathering(seconds=0.1)
EVENTS = (
    EscalationOpened,
    ContactRecorded,
    ContextRecorded,
    ProblemRestated,
    ProblemConfirmed,
    CustomerForgotten,
    *ALARM_EVENTS,
)


def build(settings: Settings) -> App:
    """Intake as a process."""
    base = Foundation(NAME, settings)
    model = Model(
        codec=Codec(EVENTS),
        projections=(Cases(), OpenCases()),
        subscriptions=tuple(CaseSubscription(source) for source in OTHERS),
        migrations=MIGRATIONS,
        gathering=_GATHERING,
    )
    replayed = replace(model, projections=(Cases(), OpenCases(replaying=True)))
    log, inbox = base.log(model), base.inbox(model)
    files = CaseFiles(base.engine, log, base.vault)
    server = base.server(log, inbox, ForgettingHandlers(log, files, inbox, base.clock.now))
    server.add(add_IntakeServiceServicer_to_server, _servicer(base, log, inbox, files))
    asks = {"serve": partial(of_cases, base.engine, base.clock.now)}
    return base.app(server, inbox, replayed, asks=asks)


def _servicer(base: Foundation, log: EventLog, inbox: Inbox, files: CaseFiles) -> IntakeServicer:
    queries = Queries(base.engine)
    return IntakeServicer(
        openings=OpeningHandlers(log, queries, inbox),
        cases=CaseHandlers(log, queries, inbox),
        contexts=ContextHandlers(log, files, Merchant(base.channels)),
        files=files,
        queries=queries,
        watching=Watching(files, base.wake),
        vault=base.vault,
        now=base.clock.now,
    )
