"""Routing as its callers meet it: the real server on a real PostgreSQL, with small neighbours."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.type import money_pb2

from amends.clock import read_moved, write_moved
from amends.eventstore.records import Envelope, to_timestamp
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.server import Server
from amends.rpc.signing import SigningKey
from amends.rpc.tokens import Tokens
from amends.settings import Settings
from amends.v1 import (
    event_pb2,
    intake_events_pb2,
    resolution_events_pb2,
    routing_events_pb2,
    types_pb2,
)
from amends.v1 import routing_service_pb2 as pb
from amends.v1.alarm_service_pb2_grpc import AlarmServiceStub
from amends.v1.eventlog_service_pb2_grpc import (
    EventLogServiceStub,
    add_EventLogServiceServicer_to_server,
)
from amends.v1.routing_service_pb2_grpc import RoutingServiceStub
from amends.values.identity import Role, Tenant
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.routing.bootstrap import build
from tests.services.intake.neighbours import Owner

NEIGHBOURS = ("intake", "resolution", "followup")
KICK_OFF = timedelta(hours=18, minutes=50)


def gbp(pounds: str) -> money_pb2.Money:
    units, _, pence = pounds.partition(".")
    return money_pb2.Money(
        currency_code="GBP", units=int(units), nanos=int((pence or "0").ljust(9, "0"))
    )


@dataclass
class Routing:
    """The running service, its neighbours, its clock, and a shop of its own for each test."""

    app: App
    intake: Owner
    resolution: Owner
    followup: Owner
    tenant: Tenant
    clock: Path
    _stubs: Mapping[str, Any]
    _key: SigningKey

    def now(self) -> datetime:
        """Business time."""
        return datetime.now(UTC) + timedelta(seconds=read_moved(self.clock))

    def advance(self, by: timedelta) -> None:
        """Business time goes on."""
        write_moved(self.clock, read_moved(self.clock) + by.total_seconds())

    def ask(self, rpc: str, request: Message, who: str = "workflow", **said: Any) -> Any:  # noqa: ANN401 - any answer
        """The answer of an RPC called by somebody; of a streaming one the stream."""
        call = getattr(self._stubs[said.get("service", "routing")], rpc)
        metadata = self.credentials(who, said.get("person", ""), said.get("subject", who))
        return call(request, metadata=metadata, timeout=15)

    def credentials(
        self, who: str, person: str = "", subject: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """Metadata that proves who calls (`subject` in the role of `who`), and for whom."""
        role = {"workflow": Role.SERVICE, "ops": Role.OPERATIONS}.get(who, Role.DECISION_MAKER)
        tenant = "*" if role is Role.SERVICE else self.tenant
        proven = (("authorization", f"Bearer {self._key.mint(subject or who, tenant, [role])}"),)
        if role is not Role.SERVICE:
            return proven
        forwarded = self._key.mint(person, self.tenant, [Role.DECISION_MAKER]) if person else ""
        caller = (("amends-caller", forwarded),) if person else ()
        return (*proven, *as_tenant(self.tenant), *caller)

    def enter(self, name: str, seniority: int, **said: Any) -> None:  # noqa: ANN401 - any field
        """Operations enter somebody."""
        entry = {"kind": "DECISION_MAKER_KIND_PERSON", "subjects": [name], "capacity": 3, **said}
        maker = pb.DecisionMaker(
            decision_maker_id=f"dm_{name}", public_name=name.title(), seniority=seniority, **entry
        )
        request = pb.UpdateDecisionMakerRequest(
            request_id=new_id(), decision_maker=maker, allow_missing=True
        )
        self.ask("UpdateDecisionMaker", request, "ops")

    def grant(self, name: str, by: str = "ops", **pounds: str) -> None:
        """Operations grant somebody some actions; as `by` is called where somebody else does."""
        for action, amount in pounds.items():
            request = pb.GrantAuthorityRequest(
                request_id=new_id(),
                decision_maker_id=f"dm_{name}",
                action=f"ACTION_{action.upper()}",
                per_case=gbp(amount),
            )
            self.ask("GrantAuthority", request, "ops", subject=by)

    def be_away(self, name: str, who: str = "ops", *, away: bool = True) -> None:
        """Somebody is away or back."""
        request = pb.SetAvailabilityRequest(
            request_id=new_id(), decision_maker_id=f"dm_{name}", available=not away
        )
        self.ask("SetAvailability", request, who)

    def people(self) -> None:
        """The shoe shop: Tom, Maya, Ravi (away) and Helen."""
        middle = {"reship": "200", "goodwill": "25", "expedited_shipping": "30"}
        self.enter("tom", 1)
        self.grant("tom", reship="60", goodwill="5")
        for name in ("maya", "ravi"):
            self.enter(name, 2)
            self.grant(name, **middle)
        self.enter("helen", 3)
        self.grant("helen", **dict.fromkeys((*middle, "refund"), "1000"))
        self.be_away("ravi")

    def opened(self, *, heard: bool = True, ago: timedelta = timedelta(hours=1)) -> str:
        """Intake opens the case of the football shoes; routing hears of it, late by default.

        What is heard at once routing asks somebody for by itself.
        """
        escalation = f"esc_{uuid.uuid4().hex}"
        event = intake_events_pb2.EscalationOpened(
            escalation_id=escalation,
            channel="CHANNEL_PHONE",
            cause="CAUSE_DAMAGED",
            customer_digest="d1ge57",
            need_by=types_pb2.NeedByKnown(
                by=to_timestamp(self.now() + KICK_OFF), zone="Europe/London"
            ),
            remedy_sought=types_pb2.RemedySought(
                kinds=["REMEDY_KIND_REPLACEMENT"], amount=gbp("64.90")
            ),
            priority=1,
            policy_version=1,
            opened_at=to_timestamp(self.now()),
        )
        said = self.intake.say(escalation, event, tenant=self.tenant)
        if heard:
            meta = replace(said.meta, occurred_at=said.meta.occurred_at - ago)
            self.hear(replace(said, meta=meta))
        return escalation

    def hear(self, *envelopes: Envelope) -> None:
        """Events of other services arrive."""
        assert self.app.receive is not None
        self.app.receive(envelopes)

    def resolution_says(self, escalation: str, event: Message) -> None:
        """Resolution says something, and routing hears of it."""
        self.hear(self.resolution.say(escalation, event, tenant=self.tenant))

    def route(self, escalation: str, replaces: str = "") -> pb.RouteEscalationResponse:
        """The workflow asks for a holder."""
        request = pb.RouteEscalationRequest(
            request_id=new_id(), escalation_id=escalation, replaces_assignment_id=replaces
        )
        answer: pb.RouteEscalationResponse = self.ask("RouteEscalation", request)
        return answer

    def accept(self, assignment: str, who: str = "maya") -> pb.AcceptAssignmentResponse:
        """Somebody takes the case."""
        request = pb.AcceptAssignmentRequest(request_id=new_id(), assignment_id=assignment)
        answer: pb.AcceptAssignmentResponse = self.ask("AcceptAssignment", request, who)
        return answer

    def expire(self, escalation: str, assignment: str) -> int:
        """The clock looks at an assignment; its state."""
        request = pb.ExpireAssignmentRequest(
            request_id=new_id(), escalation_id=escalation, assignment_id=assignment
        )
        return int(self.ask("ExpireAssignment", request).state)

    def owned(self) -> str:
        """A case that Maya owns."""
        escalation = self.opened()
        self.accept(self.route(escalation).assignment.assignment_id)
        return escalation

    def hand_over(
        self, escalation: str, to: str = "helen", who: str = "maya", note: str = ""
    ) -> pb.HandOverResponse:
        """The owner offers the case to somebody else."""
        request = pb.HandOverRequest(
            request_id=new_id(),
            escalation_id=escalation,
            to_decision_maker_id=f"dm_{to}",
            reason="HAND_OVER_REASON_END_OF_SHIFT",
            note=note,
        )
        answer: pb.HandOverResponse = self.ask("HandOver", request, who)
        return answer

    def take_over(self, hand_over: str, who: str = "helen") -> pb.AcceptHandOverResponse:
        """Somebody takes the case from its owner."""
        request = pb.AcceptHandOverRequest(request_id=new_id(), hand_over_id=hand_over)
        answer: pb.AcceptHandOverResponse = self.ask("AcceptHandOver", request, who)
        return answer

    def give_back(self, hand_over: str, who: str = "workflow") -> int:
        """Somebody or the clock ends a hand-over; its state."""
        request = pb.ReturnHandOverRequest(request_id=new_id(), hand_over_id=hand_over)
        return int(self.ask("ReturnHandOver", request, who).state)

    def reserve(
        self, escalation: str, person: str = "maya", drafted_by: str = "", **pounds: str
    ) -> pb.ReserveAuthorityResponse:
        """Resolution asks for somebody's authority, or for a draft; one remedy per action."""
        uses = [
            routing_events_pb2.AuthorityUse(
                remedy_id=f"rem_{action.replace('_', '')}",
                action=f"ACTION_{action.upper()}",
                amount=gbp(amount),
            )
            for action, amount in pounds.items()
        ]
        request = pb.ReserveAuthorityRequest(
            request_id=new_id(), escalation_id=escalation, uses=uses, drafted_by=drafted_by
        )
        answer: pb.ReserveAuthorityResponse = self.ask("ReserveAuthority", request, person=person)
        return answer

    def offered(self, escalation: str, reservation: str) -> str:
        """Resolution makes an offer under a reservation; its id."""
        offer = f"off_{uuid.uuid4().hex}"
        event = resolution_events_pb2.OfferMade(
            escalation_id=escalation, offer_id=offer, reservation_id=reservation
        )
        self.resolution_says(escalation, event)
        return offer

    def queue(self, who: str, **said: Any) -> list[pb.Assignment]:  # noqa: ANN401 - any field
        """Somebody's queue."""
        answer = self.ask("ListAssignments", pb.ListAssignmentsRequest(**said), who)
        return list(answer.assignments)

    def events(self, subject: str) -> list[str]:
        """The names of routing's events about a case or a decision-maker."""
        request = event_pb2.ReadEventsRequest(subject=subject)
        found = self.ask("ReadEvents", request, service="log").events
        return [one.type.removeprefix("amends.v1.") for one in found]


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with Stack(tmp_path_factory.mktemp("routing"), Ports.free(), programs=["postgres"]) as stack:
        yield stack.env()


@pytest.fixture
def routing(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Routing]:
    plain = Settings.of(environment)
    assert plain.jwks_file is not None
    assert plain.signing_key_file is not None
    tokens = Tokens(plain.jwks_file)
    owners = {name: Owner(name) for name in NEIGHBOURS}
    servers = {name: _serve(owner, tokens) for name, owner in owners.items()}
    clock = tmp_path / "clock"
    app = build(_settings(environment, servers, clock))
    app.migrate()
    with grpc.insecure_channel(f"127.0.0.1:{app.server.start()}") as channel:
        yield Routing(
            app=app,
            **owners,
            tenant=Tenant(f"shop-{uuid.uuid4().hex[:8]}"),
            clock=clock,
            _stubs={
                "routing": RoutingServiceStub(channel),
                "log": EventLogServiceStub(channel),
                "alarm": AlarmServiceStub(channel),
            },
            _key=SigningKey.read(plain.signing_key_file),
        )
        app.server.stop()
    app.close()
    for server in servers.values():
        server.stop()


@pytest.fixture
def shop(routing: Routing) -> Routing:
    """With its people."""
    routing.people()
    return routing


def _settings(
    environment: Mapping[str, str], servers: Mapping[str, Server], clock: Path
) -> Settings:
    addresses = {
        f"AMENDS_{name.upper()}_ADDRESS": f"127.0.0.1:{server.port}"
        for name, server in servers.items()
    }
    own = {"AMENDS_CLOCK_FILE": str(clock), "AMENDS_ROUTING_ADDRESS": "127.0.0.1:0"}
    return Settings.of({**environment, **addresses, **own})


def _serve(owner: Owner, tokens: Tokens) -> Server:
    server = Server(
        "127.0.0.1:0", tokens=tokens, digest=lambda body: body, now=lambda: datetime.now(UTC)
    )
    server.add(add_EventLogServiceServicer_to_server, owner)
    server.start()
    return server
