"""Wires resolution; building it connects to nothing."""

from pathlib import Path

from amends.eventstore.codec import Codec
from amends.eventstore.log import EventLog
from amends.foundation import ALARM_EVENTS, Foundation, Model
from amends.kafka.dispatch import Gathering
from amends.process import App
from amends.settings import Settings
from amends.v1.resolution_service_pb2_grpc import add_ResolutionServiceServicer_to_server
from services.resolution.domain.events import EVENTS
from services.resolution.gateways.authority import Authority
from services.resolution.gateways.case_files import CaseFiles
from services.resolution.gateways.merchant import Merchant
from services.resolution.handlers.acknowledging import OPENED, acknowledging
from services.resolution.handlers.approvals import ApprovalHandlers
from services.resolution.handlers.at_the_merchant import AtTheMerchant
from services.resolution.handlers.compensating import CompensationHandlers
from services.resolution.handlers.offers import OfferHandlers
from services.resolution.handlers.promises import PromiseHandlers
from services.resolution.handlers.refunds import RefundHandlers
from services.resolution.handlers.remedies import RemedyHandlers
from services.resolution.handlers.resolution import ForgettingHandlers, ResolutionHandlers
from services.resolution.handlers.responses import ResponseHandlers
from services.resolution.handlers.suggestions import SuggestionHandlers
from services.resolution.read_models import Cases, KnownCases
from services.resolution.servicer import ResolutionServicer
from services.resolution.subscriptions import subscriptions

NAME = "resolution"
MIGRATIONS = Path(__file__).with_name("migrations")
_RELAY_PAUSE = 0.05
# Who opened a case waits for its owner, whom routing looks for now.
_GATHERING = Gathering(seconds=0.1, patient=frozenset({OPENED}))


def build(settings: Settings) -> App:
    """Resolution as a process."""
    base = Foundation(NAME, settings)
    model = Model(
        codec=Codec((*EVENTS, *ALARM_EVENTS)),
        projections=(),
        subscriptions=subscriptions(),
        migrations=MIGRATIONS,
        gathering=_GATHERING,
        relay_pause=_RELAY_PAUSE,
    )
    log, inbox = base.log(model), base.inbox(model)
    known = KnownCases(Cases(base.engine), inbox.catch_up)
    server = base.server(log, inbox, ForgettingHandlers(log, known))
    responses = ResponseHandlers(log, known)
    server.add(add_ResolutionServiceServicer_to_server, _servicer(base, log, known, responses))
    return base.app(server, inbox, model, then=acknowledging(NAME, responses, base.clock))


def _servicer(
    base: Foundation, log: EventLog, known: KnownCases, responses: ResponseHandlers
) -> ResolutionServicer:
    files, merchant = CaseFiles(base.channels), Merchant(base.channels)
    authority, clock = Authority(base.channels), base.clock
    acting = AtTheMerchant(merchant, clock)
    return ResolutionServicer(
        SuggestionHandlers(log, known, files, merchant),
        OfferHandlers(log, known, files, authority, merchant, clock),
        ApprovalHandlers(log, known, authority, clock),
        RemedyHandlers(log, known, files, merchant, acting, clock),
        RefundHandlers(log, known, merchant, clock),
        CompensationHandlers(log, known, files, acting, clock),
        PromiseHandlers(log, known),
        responses,
        ResolutionHandlers(log, known, clock),
        base.vault,
        clock,
    )
