"""Follow-up as its callers meet it; its neighbours are small servers of one contract."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message

from amends.clock import read_moved, write_moved
from amends.eventstore.engine import make_engine
from amends.eventstore.records import Envelope, EventMeta, to_timestamp
from amends.eventstore.sealing import Vault, read_master_key
from amends.eventstore.streams import stream_of
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.identity import call_of
from amends.rpc.server import Server
from amends.rpc.signing import SigningKey
from amends.rpc.tokens import Tokens
from amends.settings import Settings
from amends.v1 import (
    event_pb2,
    followup_service_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
)
from amends.v1 import followup_service_pb2 as pb
from amends.v1.eventlog_service_pb2_grpc import (
    EventLogServiceServicer,
    EventLogServiceStub,
    add_EventLogServiceServicer_to_server,
)
from amends.v1.followup_service_pb2_grpc import FollowUpServiceStub
from amends.v1.privacy_service_pb2_grpc import PrivacyServiceStub
from amends.values.identity import Role, Tenant
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.followup.bootstrap import build

SHOP = Tenant("sole-mates")


@dataclass
class Owner(EventLogServiceServicer):
    """A service that says events and answers ReadEvents."""

    name: str
    said: dict[tuple[str, str], list[Envelope]] = field(default_factory=dict)

    def say(self, subject: str, event: Message, tenant: Tenant = SHOP) -> Envelope:
        """The next event about a subject, in this service's log from now on."""
        log = self.said.setdefault((tenant, subject), [])
        now = datetime.now(UTC)
        log.append(
            Envelope(
                source=self.name,
                event_id=str(uuid.uuid4()),
                stream=stream_of(tenant, subject),
                version=len(log) + 1,
                type=event.DESCRIPTOR.full_name,
                data=event.SerializeToString(),
                meta=EventMeta(tenant, "somebody", "service", "", subject, "", now),
                recorded_at=now,
                hash=b"",
            )
        )
        return log[-1]

    def ReadEvents(  # noqa: N802 - the name of gRPC
        self, request: event_pb2.ReadEventsRequest, context: grpc.ServicerContext
    ) -> event_pb2.ReadEventsResponse:
        """What came after a version."""
        tenant = call_of(context, request).actor.tenant
        found = self.said.get((tenant, request.subject), [])[request.after_version :]
        return event_pb2.ReadEventsResponse(events=[one.to_message() for one in found])


@dataclass
class FollowUp:
    """The running service, its neighbours, and its clock."""

    app: App
    intake: Owner
    routing: Owner
    resolution: Owner
    now: Callable[[], datetime]
    advance: Callable[[timedelta], None]
    digest: Callable[[str], str]
    _stubs: Mapping[str, object]
    _token: Callable[[Role, Tenant], str]

    def ask(
        self,
        rpc: str,
        request: object,
        role: Role = Role.SERVICE,
        tenant: Tenant = SHOP,
        service: str = "followup",
    ) -> object:
        """The answer of an RPC."""
        metadata = (
            ("authorization", f"Bearer {self._token(role, tenant)}"),
            *(as_tenant(tenant) if role is Role.SERVICE else ()),
        )
        return getattr(self._stubs[service], rpc)(request, metadata=metadata, timeout=10)

    def hear(self, *said: Envelope) -> None:
        """Follow-up receives it, and does what follows from it."""
        assert self.app.receive is not None
        self.app.receive(said)

    def events(self, escalation: str) -> Sequence[event_pb2.EventEnvelope]:
        """Everything that follow-up said of a case."""
        request = event_pb2.ReadEventsRequest(subject=escalation)
        answer = self.ask("ReadEvents", request, service="log")
        assert isinstance(answer, event_pb2.ReadEventsResponse)
        return answer.events

    @staticmethod
    def new_case() -> str:
        """A case that nobody has told of."""
        return f"esc_{uuid.uuid4().hex}"

    @staticmethod
    def customer_of(escalation: str) -> str:
        """Whose case it is."""
        return f"C-{escalation}"

    def open_case(self) -> str:
        """A case that intake has opened and follow-up has heard of."""
        escalation = self.new_case()
        assert self.app.receive is not None
        self.app.receive([self.opened(escalation)])
        return escalation

    def opened(self, escalation: str) -> Envelope:
        """Intake says that a case is open."""
        event = intake_events_pb2.EscalationOpened(
            escalation_id=escalation,
            customer_digest=self.digest(self.customer_of(escalation)),
            policy_version=1,
        )
        return self.intake.say(escalation, event)

    def answered(self, escalation: str) -> Envelope:
        """Resolution says that the customer has the answer."""
        event = resolution_events_pb2.ResponseDelivered(
            escalation_id=escalation,
            response_id="rsp_1",
            kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
            delivered_at=to_timestamp(self.now()),
        )
        return self.resolution.say(escalation, event)

    def resolved(self, escalation: str) -> Envelope:
        """Resolution says that it is made right."""
        event = resolution_events_pb2.EscalationResolved(
            escalation_id=escalation, resolved_at=to_timestamp(self.now()), made_right=True
        )
        return self.resolution.say(escalation, event)

    def owned(self, escalation: str, decision_maker: str = "dm_maya") -> Envelope:
        """Routing says who owns it."""
        event = routing_events_pb2.AssignmentAccepted(
            escalation_id=escalation, decision_maker_id=decision_maker
        )
        return self.routing.say(escalation, event)

    def refund_failed(self, escalation: str) -> Envelope:
        """Resolution says that money came back."""
        event = resolution_events_pb2.RefundFailed(
            escalation_id=escalation,
            remedy_id="rem_refund",
            reason="ACCOUNT_CLOSED",
            failed_at=to_timestamp(self.now()),
            after_credit=True,
        )
        return self.resolution.say(escalation, event)

    def made_right(self) -> str:
        """A case that is answered and resolved, and follow-up has heard of all of it."""
        escalation = self.open_case()
        assert self.app.receive is not None
        self.app.receive([self.answered(escalation), self.resolved(escalation)])
        return escalation

    def schedule(self, escalation: str) -> followup_service_pb2.ScheduleFollowUpResponse:
        """Schedules by a new request."""
        request = pb.ScheduleFollowUpRequest(request_id=new_id(), escalation_id=escalation)
        answer = self.ask("ScheduleFollowUp", request)
        assert isinstance(answer, pb.ScheduleFollowUpResponse)
        return answer

    def asked(self, escalation: str) -> str:
        """Three weeks pass and the customer is asked; the follow-up's id."""
        follow_up = self.schedule(escalation).follow_up_id
        self.advance(timedelta(days=21))
        self.ask(
            "AskFollowUp",
            pb.AskFollowUpRequest(
                request_id=new_id(), escalation_id=escalation, follow_up_id=follow_up
            ),
        )
        return follow_up

    def record(self, escalation: str, *, solved: bool = True) -> pb.RecordFollowUpResponse:
        """The platform says what the customer said."""
        request = pb.RecordFollowUpRequest(
            request_id=new_id(),
            escalation_id=escalation,
            solved=solved,
            pleased=solved,
            staying="STAYING_YES",
            words="We won, thank you!",
        )
        answer = self.ask("RecordFollowUp", request, Role.PLATFORM)
        assert isinstance(answer, pb.RecordFollowUpResponse)
        return answer

    def get(self, escalation: str, role: Role = Role.HANDLER) -> pb.GetFollowUpResponse:
        """How the follow-up stands."""
        request = pb.GetFollowUpRequest(escalation_id=escalation)
        answer = self.ask("GetFollowUp", request, role)
        assert isinstance(answer, pb.GetFollowUpResponse)
        return answer


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with Stack(tmp_path_factory.mktemp("followup"), Ports.free(), programs=["postgres"]) as stack:
        yield stack.env()


@pytest.fixture
def followup(environment: Mapping[str, str], tmp_path: Path) -> Iterator[FollowUp]:
    plain = Settings.of(environment)
    assert plain.jwks_file is not None
    assert plain.signing_key_file is not None
    key, tokens = SigningKey.read(plain.signing_key_file), Tokens(plain.jwks_file)
    owners = {name: Owner(name) for name in ("intake", "routing", "resolution")}
    servers = {name: _serve(owner, tokens) for name, owner in owners.items()}
    clock = tmp_path / "clock"
    settings = Settings.of(
        {
            **environment,
            "AMENDS_CLOCK_FILE": str(clock),
            "AMENDS_FOLLOWUP_ADDRESS": "127.0.0.1:0",
            **{
                f"AMENDS_{name.upper()}_ADDRESS": f"127.0.0.1:{server.port}"
                for name, server in servers.items()
            },
        }
    )
    app = build(settings)
    app.migrate()
    with grpc.insecure_channel(f"127.0.0.1:{app.server.start()}") as channel:
        yield FollowUp(
            app=app,
            **owners,
            now=lambda: datetime.now(UTC) + timedelta(seconds=read_moved(clock)),
            digest=partial(_vault(settings).customer_digest, SHOP),
            advance=lambda by: write_moved(clock, read_moved(clock) + by.total_seconds()),
            _stubs={
                "followup": FollowUpServiceStub(channel),
                "log": EventLogServiceStub(channel),
                "privacy": PrivacyServiceStub(channel),
            },
            _token=lambda role, tenant: key.mint(
                role.value, "*" if role is Role.SERVICE else tenant, [role]
            ),
        )
    app.server.stop()
    app.close()
    for server in servers.values():
        server.stop()


def _vault(settings: Settings) -> Vault:
    """Knows whose case is whose, as every service does."""
    assert settings.master_key_file is not None
    engine = make_engine(settings.database_url_for("followup"))
    return Vault(engine, read_master_key(settings.master_key_file))


def _serve(owner: Owner, tokens: Tokens) -> Server:
    server = Server(
        "127.0.0.1:0", tokens=tokens, digest=lambda body: body, now=lambda: datetime.now(UTC)
    )
    server.add(add_EventLogServiceServicer_to_server, owner)
    server.start()
    return server
