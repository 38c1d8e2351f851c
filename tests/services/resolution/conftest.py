"""Resolution as its callers meet it, over a real PostgreSQL; its neighbours are small servers."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from amends.clock import read_moved, write_moved
from amends.eventstore.records import Envelope, to_timestamp
from amends.process import App
from amends.rpc.channel import as_tenant
from amends.rpc.signing import SigningKey
from amends.settings import Settings
from amends.v1 import (
    commerce_service_pb2,
    event_pb2,
    followup_events_pb2,
    intake_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    types_pb2,
)
from amends.v1 import resolution_service_pb2 as pb
from amends.v1.eventlog_service_pb2_grpc import EventLogServiceStub
from amends.v1.resolution_service_pb2_grpc import ResolutionServiceStub
from amends.values.identity import Role
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from services.resolution.bootstrap import build
from tests.services.resolution.neighbours import (
    HOUR,
    SHOP,
    SKU,
    Intake,
    Log,
    Merchant,
    Neighbour,
    Routing,
    pounds,
)


@dataclass
class Resolution:
    """The running service, its neighbours and its clock."""

    app: App
    logs: Mapping[str, Log]
    intake: Intake
    routing: Routing
    merchant: Merchant
    now: Callable[[], datetime]
    advance: Callable[[timedelta], None]
    token: Callable[[str, Role, str], str]
    maya: str
    """Maya's entry in the directory; another one for each test."""
    env: Mapping[str, str]
    """What a second process of the service is started with."""
    _stubs: Mapping[str, Any]

    def ask(  # noqa: PLR0913 - who asks is what most tests are about
        self,
        rpc: str,
        request: Message,
        role: Role = Role.SERVICE,
        *,
        subject: str = "",
        tenant: str = SHOP,
        service: str = "resolution",
    ) -> Any:  # noqa: ANN401 - the RPC's own answer
        """The answer of an RPC."""
        token = self.token(subject or role.value, role, tenant)
        metadata = (
            ("authorization", f"Bearer {token}"),
            *(as_tenant(tenant) if role is Role.SERVICE else ()),
        )
        return getattr(self._stubs[service], rpc)(request, metadata=metadata, timeout=15)

    def as_maya(self, rpc: str, request: Message) -> Any:  # noqa: ANN401 - the RPC's own answer
        """The owner asks."""
        return self.ask(rpc, request, Role.DECISION_MAKER, subject="maya")

    def hear(self, *envelopes: Envelope) -> None:
        """Kafka brings it."""
        assert self.app.receive is not None
        self.app.receive(envelopes)

    def opened(self, escalation: str, *, ago: timedelta = HOUR) -> Envelope:
        """Intake says that a case is open; needed in 19 hours."""
        self.intake.need_by = self.now() + 19 * HOUR
        event = intake_events_pb2.EscalationOpened(
            escalation_id=escalation,
            channel="CHANNEL_PHONE",
            cause="CAUSE_DAMAGED",
            customer_digest="d1ge57",
            policy_version=1,
        )
        event.need_by.zone = "Europe/London"
        event.need_by.by.CopyFrom(to_timestamp(self.intake.need_by))
        said = self.logs["intake"].say(escalation, event)
        meta = replace(said.meta, occurred_at=said.meta.occurred_at - ago)
        return replace(said, meta=meta)

    def accepted(self, escalation: str) -> Envelope:
        """Routing says that Maya owns it."""
        event = routing_events_pb2.AssignmentAccepted(
            escalation_id=escalation,
            decision_maker_id=self.maya,
            public_name="Maya",
            owner_subject="maya",
        )
        return self.logs["routing"].say(escalation, event)

    def handed_over(self, escalation: str) -> Envelope:
        """Routing says that Helen took it over from Maya."""
        event = routing_events_pb2.OwnershipHandedOver(
            escalation_id=escalation,
            hand_over_id="hov_1",
            from_decision_maker_id=self.maya,
            from_public_name="Maya",
            decision_maker_id="dm_helen",
            public_name="Helen",
            owner_subject="helen",
        )
        return self.logs["routing"].say(escalation, event)

    def given_to_helen(self, escalation: str, kind: type[Message]) -> Envelope:
        """Routing says that Helen owns it now, without having been asked."""
        event = kind(
            escalation_id=escalation,
            from_decision_maker_id=self.maya,
            from_public_name="Maya",
            decision_maker_id="dm_helen",
            public_name="Helen",
            owner_subject="helen",
        )
        return self.logs["routing"].say(escalation, event)

    def entered(self, holder: str, kind: str, subject: str) -> Envelope:
        """Routing says who somebody of the directory is."""
        event = routing_events_pb2.DecisionMakerUpdated(
            decision_maker_id=holder, kind=kind, subjects=[subject]
        )
        return self.logs["routing"].say(holder, event)

    def grant(self, action: types_pb2.Action, minor: int) -> Envelope:
        """Routing says what Maya may grant."""
        event = routing_events_pb2.AuthorityGranted(
            decision_maker_id=self.maya,
            grant_id=f"grn_{uuid.uuid4().hex}",
            action=action,
            per_case=pounds(minor),
        )
        return self.logs["routing"].say(self.maya, event)

    def revoked(self, grant_id: str) -> Envelope:
        """Routing says that Maya may no longer grant it."""
        event = routing_events_pb2.AuthorityRevoked(decision_maker_id=self.maya, grant_id=grant_id)
        return self.logs["routing"].say(self.maya, event)

    def needed_by(self, escalation: str, at: datetime) -> Envelope:
        """Intake says that the customer came back with another need-by."""
        event = intake_events_pb2.ContactRecorded(escalation_id=escalation)
        event.need_by.zone = "Europe/London"
        event.need_by.by.CopyFrom(to_timestamp(at))
        self.intake.need_by = at
        return self.logs["intake"].say(escalation, event)

    def closed(self, escalation: str) -> Envelope:
        """Follow-up says that the case is over."""
        event = followup_events_pb2.EscalationClosed(escalation_id=escalation)
        return self.logs["followup"].say(escalation, event)

    def reopened(self, escalation: str) -> Envelope:
        """Follow-up says that it was not solved."""
        event = followup_events_pb2.EscalationReopened(
            escalation_id=escalation, reopened_at=to_timestamp(self.now())
        )
        return self.logs["followup"].say(escalation, event)

    def owned_case(self) -> str:
        """A case that Maya owns and resolution has heard of."""
        escalation = f"esc_{uuid.uuid4().hex}"
        self.hear(self.opened(escalation), self.accepted(escalation))
        return escalation

    def offer(self, escalation: str, *, subject: str = "maya", **changed: Any) -> Any:  # noqa: ANN401
        """Maya offers a new pair by the courier and a coupon, unless changed."""
        request = offer_request(escalation)
        for name, value in changed.items():
            setattr(request, name, value)
        return self.ask("MakeOffer", request, Role.DECISION_MAKER, subject=subject)

    def answer(
        self,
        escalation: str,
        offer: str,
        word: str = "ACCEPT",
        **more: Any,  # noqa: ANN401
    ) -> pb.AnswerOfferResponse:
        """The customer answers."""
        request = pb.AnswerOfferRequest(
            request_id=new_id(),
            escalation_id=escalation,
            offer_id=offer,
            answer=f"OFFER_ANSWER_{word}",
            **more,
        )
        answered: pb.AnswerOfferResponse = self.ask("AnswerOffer", request, Role.PLATFORM)
        return answered

    def drafted(self) -> tuple[str, pb.MakeOfferResponse]:
        """A case with Maya's offer above her authority: the case, and what she was told."""
        escalation = self.owned_case()
        self.routing.refusal = "AUTHORITY_EXCEEDED"
        return escalation, self.offer(escalation)

    def approve(
        self, escalation: str, offer: str, *, subject: str = "helen"
    ) -> pb.ApproveOfferResponse:
        """Another holder stands in for a draft."""
        request = pb.ApproveOfferRequest(
            request_id=new_id(), escalation_id=escalation, offer_id=offer
        )
        approved: pb.ApproveOfferResponse = self.ask(
            "ApproveOffer", request, Role.DECISION_MAKER, subject=subject
        )
        return approved

    def reject(
        self, escalation: str, offer: str, note: str = "", *, subject: str = "helen"
    ) -> pb.RejectOfferResponse:
        """Another holder says no to a draft."""
        request = pb.RejectOfferRequest(
            request_id=new_id(),
            escalation_id=escalation,
            offer_id=offer,
            reason="REJECT_REASON_TOO_MUCH",
            note=note,
        )
        rejected: pb.RejectOfferResponse = self.ask(
            "RejectOffer", request, Role.DECISION_MAKER, subject=subject
        )
        return rejected

    def withdraw(
        self, escalation: str, offer: str, *, subject: str = "maya"
    ) -> pb.WithdrawOfferResponse:
        """The owner takes it back."""
        request = pb.WithdrawOfferRequest(
            request_id=new_id(), escalation_id=escalation, offer_id=offer
        )
        withdrawn: pb.WithdrawOfferResponse = self.ask(
            "WithdrawOffer", request, Role.DECISION_MAKER, subject=subject
        )
        return withdrawn

    def promised(self) -> tuple[str, str, str]:
        """A case with an accepted offer: the case, the new pair, the coupon."""
        escalation = self.owned_case()
        made = self.offer(escalation)
        self.answer(escalation, made.offer_id)
        shoes, coupon = (remedy.remedy_id for remedy in made.remedies)
        return escalation, shoes, coupon

    def carry_out(
        self, escalation: str, remedy: str, request_id: str = ""
    ) -> pb.CarryOutRemedyResponse:
        """The workflow has a remedy carried out."""
        request = pb.CarryOutRemedyRequest(
            request_id=request_id or new_id(), escalation_id=escalation, remedy_id=remedy
        )
        answered: pb.CarryOutRemedyResponse = self.ask("CarryOutRemedy", request)
        return answered

    def check(self, escalation: str, remedy: str) -> pb.CheckReplacementResponse:
        """The workflow looks how far it is."""
        request = pb.CheckReplacementRequest(escalation_id=escalation, remedy_id=remedy)
        answered: pb.CheckReplacementResponse = self.ask("CheckReplacement", request)
        return answered

    def compensate(self, escalation: str, remedy: str) -> pb.CompensateRemedyResponse:
        """The workflow has a remedy taken back."""
        request = pb.CompensateRemedyRequest(
            request_id=new_id(), escalation_id=escalation, remedy_id=remedy
        )
        answered: pb.CompensateRemedyResponse = self.ask("CompensateRemedy", request)
        return answered

    def look(self, escalation: str, refund: str) -> pb.CheckRefundResponse:
        """The workflow looks whether the money is there."""
        request = pb.CheckRefundRequest(escalation_id=escalation, remedy_id=refund)
        answered: pb.CheckRefundResponse = self.ask("CheckRefund", request)
        return answered

    def report(self, escalation: str, refund: str) -> pb.ReportRefundResponse:
        """The merchant says that something happened to it."""
        request = pb.ReportRefundRequest(
            request_id=new_id(), escalation_id=escalation, remedy_id=refund
        )
        answered: pb.ReportRefundResponse = self.ask("ReportRefund", request, Role.MERCHANT)
        return answered

    def send(
        self, escalation: str, kind: str, words: str = "", role: Role = Role.SERVICE, **who: str
    ) -> pb.SendResponseResponse:
        """Something is said."""
        request = pb.SendResponseRequest(
            request_id=new_id(),
            escalation_id=escalation,
            kind=f"RESPONSE_KIND_{kind}",
            words=words,
        )
        answered: pb.SendResponseResponse = self.ask("SendResponse", request, role, **who)
        return answered

    def answer_customer(self, escalation: str) -> None:
        """Maya answers and the platform delivers it."""
        sent = self.send(
            escalation, "ANSWER", "It comes tonight.", Role.DECISION_MAKER, subject="maya"
        )
        request = pb.ConfirmDeliveryRequest(
            request_id=new_id(), escalation_id=escalation, response_id=sent.response_id
        )
        self.ask("ConfirmDelivery", request, Role.PLATFORM)

    def resolve(self, escalation: str) -> pb.ResolveEscalationResponse:
        """The workflow says that all is done."""
        request = pb.ResolveEscalationRequest(request_id=new_id(), escalation_id=escalation)
        answered: pb.ResolveEscalationResponse = self.ask("ResolveEscalation", request)
        return answered

    def get(
        self, escalation: str, role: Role = Role.HANDLER
    ) -> resolution_service_pb2.GetResolutionResponse:
        """Everything that stands."""
        request = pb.GetResolutionRequest(escalation_id=escalation)
        answered: pb.GetResolutionResponse = self.ask("GetResolution", request, role)
        return answered

    def events(self, escalation: str) -> list[event_pb2.EventEnvelope]:
        """What resolution said about a case."""
        request = event_pb2.ReadEventsRequest(subject=escalation)
        return list(self.ask("ReadEvents", request, service="log").events)

    def types(self, escalation: str) -> list[str]:
        """The names of those events."""
        return [one.type.removeprefix("amends.v1.") for one in self.events(escalation)]


def new_id() -> str:
    return str(uuid.uuid4())


def offer_request(escalation: str) -> pb.MakeOfferRequest:
    return pb.MakeOfferRequest(
        request_id=new_id(),
        escalation_id=escalation,
        remedies=[
            pb.OfferedRemedy(
                kind="REMEDY_KIND_REPLACEMENT", sku=SKU, shipping_service="same-day-courier"
            ),
            pb.OfferedRemedy(kind="REMEDY_KIND_COUPON", amount=pounds(1000)),
        ],
        explanation="The soles were badly glued.",
        apology="We are sorry.",
    )


def shipped(resolution: Resolution, remedy: str) -> None:
    """The parcel has left."""
    found = resolution.merchant.replacements[remedy]
    found.state = commerce_service_pb2.REPLACEMENT_STATE_SHIPPED
    found.shipped_at.CopyFrom(to_timestamp(resolution.now()))


def delivered(resolution: Resolution, remedy: str) -> None:
    """The parcel is there."""
    shipped(resolution, remedy)
    found = resolution.merchant.replacements[remedy]
    found.state = commerce_service_pb2.REPLACEMENT_STATE_DELIVERED
    found.delivered_at.CopyFrom(to_timestamp(resolution.now()))


def last(resolution: Resolution, escalation: str, kind: type[Message]) -> Any:  # noqa: ANN401 - a message of that kind
    """The case's last event of a kind."""
    name = kind.DESCRIPTOR.full_name
    found = [one.data for one in resolution.events(escalation) if one.type == name]
    return kind.FromString(found[-1])


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with Stack(tmp_path_factory.mktemp("resolution"), Ports.free(), programs=["postgres"]) as stack:
        yield stack.env()


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
def merchant_address() -> str:
    """Where the merchant is; empty for the small one that keeps its word."""
    return ""


@pytest.fixture
def resolution(
    environment: Mapping[str, str], clock: Path, merchant_address: str
) -> Iterator[Resolution]:
    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=read_moved(clock))

    logs = {name: Log(name) for name in ("intake", "routing", "followup")}
    # Each serves only what resolution asks.
    intake = Intake()  # type: ignore[abstract]
    maya = f"dm_{uuid.uuid4().hex}"
    routing = Routing(maya, reserved_at=now)  # type: ignore[abstract]
    merchant = Merchant(now)  # type: ignore[abstract]
    neighbours = {
        "intake": Neighbour(logs["intake"], intake=intake),
        "routing": Neighbour(logs["routing"], routing=routing),
        "followup": Neighbour(logs["followup"]),
        "commerce": Neighbour(commerce=merchant),
    }
    addresses = {f"AMENDS_{name.upper()}_ADDRESS": one.address for name, one in neighbours.items()}
    if merchant_address:
        addresses["AMENDS_COMMERCE_ADDRESS"] = merchant_address
    mine = {"AMENDS_CLOCK_FILE": str(clock), "AMENDS_RESOLUTION_ADDRESS": "127.0.0.1:0"}
    env = {**environment, **mine, **addresses}
    settings = Settings.of(env)
    app = build(settings)
    app.migrate()
    with grpc.insecure_channel(f"127.0.0.1:{app.server.start()}") as channel:
        yield Resolution(
            app=app,
            logs=logs,
            intake=intake,
            routing=routing,
            merchant=merchant,
            now=now,
            advance=lambda by: write_moved(clock, read_moved(clock) + by.total_seconds()),
            token=_minting(settings),
            maya=maya,
            env=env,
            _stubs={
                "resolution": ResolutionServiceStub(channel),
                "log": EventLogServiceStub(channel),
            },
        )
    app.server.stop()
    app.close()
    for neighbour in neighbours.values():
        neighbour.stop()


def _minting(settings: Settings) -> Callable[[str, Role, str], str]:
    assert settings.signing_key_file is not None
    key = SigningKey.read(settings.signing_key_file)
    return lambda subject, role, tenant: key.mint(
        subject, "*" if role is Role.SERVICE else tenant, [role]
    )
