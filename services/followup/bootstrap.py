"""Wires follow-up; building it connects to nothing."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from amends.eventstore.codec import Codec
from amends.eventstore.following import Following
from amends.eventstore.records import Envelope
from amends.foundation import ALARM_EVENTS, Foundation, Model, Then
from amends.kafka.dispatch import Gathering
from amends.process import App
from amends.settings import Settings
from amends.v1.followup_service_pb2_grpc import add_FollowUpServiceServicer_to_server
from services.followup.domain.follow_up import EVENTS
from services.followup.gateways import Owners
from services.followup.handlers.follow_ups import FollowUpHandlers
from services.followup.handlers.forgetting import ForgettingHandlers
from services.followup.handlers.reopening import Reopening
from services.followup.handlers.scheduling import scheduling
from services.followup.read_models import Cases, FailedRefunds
from services.followup.servicer import FollowUpServicer
from services.followup.subscriptions import (
    DUE,
    IntakeSubscription,
    ResolutionSubscription,
    RoutingSubscription,
)

NAME = "followup"
MIGRATIONS = Path(__file__).with_name("migrations")
_RELAY_PAUSE = 0.05
# Who opened a case waits for its owner, whom routing looks for now.
_GATHERING = Gathering(seconds=0.2, patient=frozenset({"amends.v1.EscalationOpened"}))


def build(settings: Settings) -> App:
    """Follow-up as a process."""
    base = Foundation(NAME, settings)
    model = Model(
        codec=Codec((*EVENTS, *ALARM_EVENTS)),
        projections=(),
        subscriptions=(IntakeSubscription(), RoutingSubscription(), ResolutionSubscription()),
        migrations=MIGRATIONS,
        gathering=_GATHERING,
        relay_pause=_RELAY_PAUSE,
    )
    log, inbox = base.log(model), base.inbox(model)
    owners = Owners(inbox)
    handlers = FollowUpHandlers(log, Cases(base.engine), owners)
    reopening = Reopening(handlers, FailedRefunds(base.engine), base.clock)
    forgetting = ForgettingHandlers(handlers, owners, reopening.reopen_due, base.clock)
    server = base.server(log, inbox, forgetting)
    servicer = FollowUpServicer(handlers, base.clock, base.vault)
    server.add(add_FollowUpServiceServicer_to_server, servicer)
    due = Following(DUE, reopening.reopen_due)
    first = scheduling(NAME, handlers, base.clock)
    return base.app(server, inbox, model, then=partial(_then, due, first))


def _then(due: Then, first: Then, envelopes: Sequence[Envelope]) -> None:
    """A case that goes on needs no follow-up."""
    due(envelopes)
    first(envelopes)
