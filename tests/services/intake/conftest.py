"""Intake as its callers meet it: the real server on a real PostgreSQL, with small neighbours."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import datetime_pb2

from amends.clock import read_moved, write_moved
from amends.eventstore.records import Envelope, from_timestamp
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.server import Register, Server
from amends.rpc.signing import SigningKey
from amends.rpc.tokens import Tokens
from amends.settings import Settings
from amends.v1 import event_pb2, routing_events_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.v1.alarm_service_pb2_grpc import AlarmServiceStub
from amends.v1.commerce_service_pb2_grpc import add_CommerceServiceServicer_to_server
from amends.v1.eventlog_service_pb2_grpc import (
    EventLogServiceStub,
    add_EventLogServiceServicer_to_server,
)
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.privacy_service_pb2_grpc import PrivacyServiceStub
from amends.values.identity import Role, Tenant
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.intake.bootstrap import build
from tests.services.intake.neighbours import SHOP, Owner, Shop

CUSTOMER, ORDER = "C-1042", "SM-20418"
WORDS = "The soles came off before I ever wore them"


@dataclass(frozen=True)
class Who:
    """A caller's credentials."""

    subject: str
    role: Role
    tenant: Tenant = SHOP


DESK = Who("voice-desk", Role.PLATFORM)
TOM = Who("tom", Role.DECISION_MAKER)
MAYA = Who("maya", Role.DECISION_MAKER)
HANNA = Who("hanna", Role.HANDLER)
WORKFLOW = Who("amends", Role.SERVICE)


@dataclass
class Intake:
    """The running service, its neighbours, and its clock."""

    app: App
    routing: Owner
    resolution: Owner
    followup: Owner
    shop: Shop
    clock: Path
    _stubs: Mapping[str, Any]
    _key: SigningKey

    def now(self) -> datetime:
        """Business time."""
        return datetime.now(UTC) + timedelta(seconds=read_moved(self.clock))

    def advance(self, by: timedelta) -> None:
        """Business time goes on."""
        write_moved(self.clock, read_moved(self.clock) + by.total_seconds())

    def ask(self, rpc: str, request: Message, who: Who = DESK, service: str = "intake") -> Any:  # noqa: ANN401 - as many kinds of answers as RPCs
        """The answer of an RPC; of a streaming one the stream."""
        call = getattr(self._stubs[service], rpc)
        return call(request, metadata=self.credentials(who), timeout=15)

    def credentials(self, who: Who) -> tuple[tuple[str, str], ...]:
        """Metadata that proves who calls."""
        service = who.role is Role.SERVICE
        token = self._key.mint(who.subject, "*" if service else who.tenant, [who.role])
        tenant = as_tenant(who.tenant) if service else ()
        return (("authorization", f"Bearer {token}"), *tenant)

    def open(self, who: Who = DESK, **changes: Any) -> pb.OpenEscalationResponse:  # noqa: ANN401 - any field of the request
        """The customer calls."""
        answer: pb.OpenEscalationResponse = self.ask("OpenEscalation", opening(**changes), who)
        return answer

    def hear(self, *envelopes: Envelope) -> None:
        """Events of other services arrive."""
        assert self.app.receive is not None
        self.app.receive(envelopes)

    def show(self, escalation: str, who: Who = HANNA) -> pb.CaseFile:
        """The case file."""
        request = pb.GetEscalationRequest(escalation_id=escalation)
        answer: pb.GetEscalationResponse = self.ask("GetEscalation", request, who)
        return answer.case_file

    def restate(self, escalation: str, who: Who = HANNA) -> pb.RestateProblemResponse:
        """The problem is said back."""
        request = pb.RestateProblemRequest(
            request_id=new_id(), escalation_id=escalation, words="Your new shoes fell apart"
        )
        answer: pb.RestateProblemResponse = self.ask("RestateProblem", request, who)
        return answer

    def confirm(
        self, escalation: str, number: int = 1, who: Who = DESK, evidence: str = "call-77"
    ) -> pb.ConfirmProblemResponse:
        """The customer says yes."""
        request = pb.ConfirmProblemRequest(
            request_id=new_id(), escalation_id=escalation, restatement=number, evidence=evidence
        )
        answer: pb.ConfirmProblemResponse = self.ask("ConfirmProblem", request, who)
        return answer

    def accepted(self, escalation: str, who: str = "tom") -> Envelope:
        """Routing says that somebody owns the case."""
        event = routing_events_pb2.AssignmentAccepted(
            escalation_id=escalation,
            assignment_id="asg_1",
            decision_maker_id=f"dm_{who}",
            public_name=who.capitalize(),
            owner_subject=who,
            accepted_at=self.now(),
            restate_by=self.now() + timedelta(minutes=30),
        )
        return self.routing.say(escalation, event)

    def events(self, escalation: str) -> list[str]:
        """The names of intake's events of a case."""
        request = event_pb2.ReadEventsRequest(subject=escalation)
        found = self.ask("ReadEvents", request, WORKFLOW, service="log").events
        return [one.type.removeprefix("amends.v1.") for one in found]


def opening(**changes: Any) -> pb.OpenEscalationRequest:  # noqa: ANN401 - any of its fields
    """What the customer of the football shoes says, with what the test says otherwise."""
    said: dict[str, Any] = {
        "request_id": new_id(),
        "channel": "CHANNEL_PHONE",
        "cause": "CAUSE_DAMAGED",
        "customer": CUSTOMER,
        "order": f"SM-{uuid.uuid4().hex[:8]}",
        "words": WORDS,
        "stake": "The league kicks off tomorrow",
        "expected_outcome": "To play",
    }
    return pb.OpenEscalationRequest(**{**said, **changes})


def need_by(moment: datetime, zone: str = "Europe/London") -> pb.NeedBy:
    """A wall clock's time in a zone (none where it is empty)."""
    by = datetime_pb2.DateTime(
        year=moment.year,
        month=moment.month,
        day=moment.day,
        hours=moment.hour,
        minutes=moment.minute,
    )
    if zone:
        by.time_zone.id = zone
    return pb.NeedBy(by=by, occasion="Sunday league")


def new_id() -> str:
    return str(uuid.uuid4())


def moment(stamp: Timestamp) -> datetime:
    return from_timestamp(stamp)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with Stack(tmp_path_factory.mktemp("intake"), Ports.free(), programs=["postgres"]) as stack:
        yield stack.env()


@pytest.fixture
def intake(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Intake]:
    plain = Settings.of(environment)
    assert plain.jwks_file is not None
    assert plain.signing_key_file is not None
    tokens = Tokens(plain.jwks_file)
    owners = {name: Owner(name) for name in ("routing", "resolution", "followup")}
    shop = Shop()
    servers = {
        name: _serve(add_EventLogServiceServicer_to_server, owner, tokens)
        for name, owner in owners.items()
    }
    servers["commerce"] = _serve(add_CommerceServiceServicer_to_server, shop, tokens)
    clock = tmp_path / "clock"
    app = build(_settings(environment, servers, clock))
    app.migrate()
    with grpc.insecure_channel(f"127.0.0.1:{app.server.start()}") as channel:
        yield Intake(
            app=app,
            **owners,
            shop=shop,
            clock=clock,
            _stubs={
                "intake": IntakeServiceStub(channel),
                "log": EventLogServiceStub(channel),
                "alarm": AlarmServiceStub(channel),
                "privacy": PrivacyServiceStub(channel),
            },
            _key=SigningKey.read(plain.signing_key_file),
        )
    app.server.stop()
    app.close()
    for server in servers.values():
        server.stop()


def _settings(
    environment: Mapping[str, str], servers: Mapping[str, Server], clock: Path
) -> Settings:
    addresses = {
        f"AMENDS_{name.upper()}_ADDRESS": f"127.0.0.1:{server.port}"
        for name, server in servers.items()
    }
    own = {"AMENDS_CLOCK_FILE": str(clock), "AMENDS_INTAKE_ADDRESS": "127.0.0.1:0"}
    return Settings.of({**environment, **addresses, **own})


def _serve(register: Register, servicer: object, tokens: Tokens) -> Server:
    server = Server(
        "127.0.0.1:0", tokens=tokens, digest=lambda body: body, now=lambda: datetime.now(UTC)
    )
    server.add(register, servicer)
    server.start()
    return server
