"""A real server on a free port with servicers made of functions, and channels to it."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from amends.eventstore.log import EventLog
from amends.rpc.identity import call_of
from amends.rpc.limits import Limits
from amends.rpc.server import Server
from amends.rpc.signing import SigningKey, make_key
from amends.rpc.tokens import Tokens
from amends.v1 import intake_service_pb2 as pb
from amends.v1 import intake_service_pb2_grpc
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.identity import Call, Role

SATURDAY = datetime(2026, 11, 21, 15, 10, tzinfo=UTC)
REQUEST_ID = "7d3a0a0e-6d0c-4bb4-9f0e-2d8b0b1c9a11"
Answer = Callable[[Any, grpc.ServicerContext], Any]
Metadata = tuple[tuple[str, str], ...]


@dataclass
class Intake:
    """An intake that answers with empty messages where a test names nothing else."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def servicer(self) -> intake_service_pb2_grpc.IntakeServiceServicer:
        service = pb.DESCRIPTOR.services_by_name["IntakeService"]
        methods = {method.name: self._method(method) for method in service.methods}
        base = intake_service_pb2_grpc.IntakeServiceServicer
        made: intake_service_pb2_grpc.IntakeServiceServicer = type("Servicer", (base,), methods)()
        return made

    def _method(self, method: Any) -> Callable[..., Any]:  # noqa: ANN401 - a method's descriptor
        empty = GetMessageClass(method.output_type)

        def answer(_self: object, request: Message, context: grpc.ServicerContext) -> object:
            self.calls.append(call_of(context, request))
            wanted = self.answers.get(method.name)
            return wanted(request, context) if wanted else empty()

        return answer


@dataclass
class Served:
    """A running server and the key that its callers' tokens are signed with."""

    server: Server
    key: SigningKey
    channel: grpc.Channel

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    @property
    def intake(self) -> Any:  # noqa: ANN401 - generated stubs have methods only once they are made
        return IntakeServiceStub(self.channel)

    def as_(self, *roles: Role, subject: str = "zoe", tenant: str = "acme") -> Metadata:
        """Metadata of someone with these roles."""
        return bearer(self.key.mint(subject, tenant, roles))


@contextmanager
def serving(
    folder: Path,
    *intakes: Intake,
    limits: Limits | None = None,
    key: SigningKey | None = None,
    address: str = "127.0.0.1:0",
    log: EventLog | None = None,
) -> Iterator[Served]:
    key = key or make_key()
    key.write_jwks(folder / "jwks.json")
    tokens = Tokens(folder / "jwks.json")
    server = Server(
        address, tokens=tokens, digest=digest, now=lambda: SATURDAY, limits=limits, log=log
    )
    for intake in intakes or [Intake()]:
        register = intake_service_pb2_grpc.add_IntakeServiceServicer_to_server
        server.add(register, intake.servicer())
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        try:
            yield Served(server, key, channel)
        finally:
            server.stop()


def bearer(token: str) -> Metadata:
    return (("authorization", f"Bearer {token}"),)


def digest(data: bytes) -> bytes:
    return hmac.digest(b"key of the tests", data, hashlib.sha256)


def opening(**fields: Any) -> pb.OpenEscalationRequest:  # noqa: ANN401 - what each field takes
    """A request that breaks no rule."""
    given: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "channel": 1,
        "cause": 1,
        "customer": "C-1",
        "words": "The shoes do not fit and the match is on Sunday.",
    }
    return pb.OpenEscalationRequest(**(given | fields))
