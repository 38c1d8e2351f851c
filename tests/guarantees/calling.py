"""Calls any RPC of a running stack with any credentials, and keeps what it answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message

from amends.rpc.channel import as_tenant
from amends.rpc.signing import SigningKey
from amends.rpc.status import as_sent
from amends.values.identity import Role
from tests.guarantees.reflected import Reflected

Metadata = tuple[tuple[str, str], ...]
_PATIENCE = 30.0  # seconds for an answer; one that comes takes milliseconds
_LISTENS = 0.3  # seconds for a stream that has nothing to say


@dataclass(frozen=True, slots=True)
class Answer:
    """What an RPC answered: a body (of a stream its first message), or a refusal."""

    code: grpc.StatusCode = grpc.StatusCode.OK
    body: bytes = b""
    reason: str = ""
    message: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def let_in(self) -> bool:
        """Whether it got past who may call; a quiet stream did."""
        kept_out = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
        return self.code not in kept_out or self.reason not in {
            "ROLE_REQUIRED",
            "TOKEN_MISSING",
            "TOKEN_INVALID",
            "TOKEN_EXPIRED",
            "",
        }

    @property
    def told(self) -> str:
        """Everything in it that somebody could read."""
        return " ".join([str(self.body), self.message, *self.values, *self.values.values()])

    def without(self, ids: Iterable[str]) -> "Answer":
        """The same for everybody who asked with other ids."""
        values = {key: _blank(value, ids) for key, value in self.values.items()}
        return Answer(self.code, self.body, self.reason, _blank(self.message, ids), values)


@dataclass(frozen=True, slots=True)
class Callers:
    """Makes the credentials of anybody, and calls with them."""

    key: SigningKey
    channels: Mapping[str, grpc.Channel]

    def as_(self, role: Role, tenant: str, subject: str = "") -> Metadata:
        """Somebody in a role; a service acts for the tenant, as all of ours do."""
        subject = subject or f"some-{role.value}"
        if role is not Role.SERVICE:
            return bearer(self.key.mint(subject, tenant, [role]))
        return (*bearer(self.key.mint(subject, "*", [role])), *as_tenant(tenant))

    def ask(
        self, rpc: Reflected, request: Message, metadata: Metadata, *, patiently: bool = True
    ) -> Answer:
        """The answer; a stream that has nothing to say is OK, waited for briefly or patiently."""
        timeout = _LISTENS if rpc.streams and not patiently else _PATIENCE
        try:
            return Answer(body=self._body(rpc, request, metadata, timeout))
        except grpc.RpcError as error:
            return _refused(error, rpc)

    def _body(self, rpc: Reflected, request: Message, metadata: Metadata, timeout: float) -> bytes:
        channel, data = self.channels[rpc.server], request.SerializeToString()
        make: Any = channel.unary_stream if rpc.streams else channel.unary_unary
        answer = make(rpc.path)(data, metadata=metadata, timeout=timeout)
        if not rpc.streams:
            return bytes(answer)
        try:
            return bytes(next(answer, b""))
        finally:
            answer.cancel()


def bearer(token: str) -> Metadata:
    """The metadata that carries a token."""
    return (("authorization", f"Bearer {token}"),)


def _refused(error: Any, rpc: Reflected) -> Answer:  # noqa: ANN401 - a grpc.RpcError with a status
    if rpc.streams and error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Answer()
    refusal = as_sent(error)
    return Answer(error.code(), b"", refusal.reason, error.details() or "", refusal.metadata)


def _blank(text: str, ids: Iterable[str]) -> str:
    for one in ids:
        text = text.replace(one, "...")
    return text


def named_in(request: Message) -> Sequence[str]:
    """Every text that a request holds."""
    found: list[str] = []
    for one, value in request.ListFields():
        items = value if one.is_repeated else [value]
        for item in items:
            if isinstance(item, Message):
                found.extend(named_in(item))
            elif isinstance(item, str):
                found.append(item)
    return found
