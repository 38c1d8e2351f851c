"""Who calls: the identity of every call, from its credentials and never from its body."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar, cast

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message

from amends.rpc.deadlines import ends_at
from amends.rpc.places import OURS, STRANGERS
from amends.rpc.refusals import RoleRequired, TenantRequired, TokenInvalid, TokenMissing
from amends.rpc.rpcs import Rpc
from amends.rpc.tokens import ANY_TENANT, Bearer, Tokens, is_tenant
from amends.values.identity import Actor, Call, Role, Tenant

AUTHORIZATION = "authorization"
TENANT = "amends-tenant"
CALLER = "amends-caller"
CAUSATION = "amends-causation"
# The reconciler's question is the only one that is asked about all tenants at once.
_FOR_ALL_TENANTS = frozenset({"ListEscalations"})

Digest = Callable[[bytes], bytes]
Said = Iterable[tuple[str, str | bytes]]
"""The metadata of a call as it came."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Current:
    """The call that this thread answers; `person_token` is what a call to others may forward."""

    rpc: Rpc
    actor: Actor
    caller: Actor | None
    person_token: str
    causation_id: str
    digest: Digest
    ends_at: float
    token_expires_at: float


_CURRENT: ContextVar[Current | None] = ContextVar("amends_current_call", default=None)


def current() -> Current | None:
    """The call that this thread answers, None outside of calls."""
    return _CURRENT.get()


def call_of(_context: grpc.ServicerContext, request: Message) -> Call:
    """Who asks what, for the domain and the log; to be called in the handler's own thread.

    `request_id` and `expected_version` come from the request where it has them. A service's
    causation is the event it names in `amends-causation`; anyone else's is the request itself.
    """
    call = _CURRENT.get()
    if call is None:
        msg = "call_of is for handlers: no call is being answered in this thread"
        raise RuntimeError(msg)
    request_id = _field(request, "request_id", "")
    return Call(
        actor=call.actor,
        rpc=call.rpc.name,
        request_id=request_id,
        request_digest=call.digest(canonical(request)) if request_id else b"",
        expected_version=_field(request, "expected_version", 0),
        causation_id=call.causation_id or request_id,
        caller=call.caller,
    )


def canonical(request: Message) -> bytes:
    """The request as JSON that is the same for the same content, whoever serialized it."""
    return json_format.MessageToJson(
        request, preserving_proto_field_name=True, sort_keys=True, indent=None
    ).encode()


class IdentityStep:
    """Verifies the caller and puts the call in the thread's context."""

    def __init__(self, tokens: Tokens, digest: Digest) -> None:
        self._tokens = tokens
        self._digest = digest

    @contextmanager
    def around(self, rpc: Rpc, _request: Message, context: grpc.ServicerContext) -> Iterator[None]:
        """Refuses who may not call; inside, `current()` and `call_of` know the call.

        Raises:
            TokenMissing, TokenExpired, TokenInvalid, RoleRequired, TenantRequired
        """
        metadata = _by_key(context.invocation_metadata())
        _CURRENT.set(self._identify(rpc, metadata, ends_at(context)))
        try:
            yield
        finally:
            _CURRENT.set(None)

    def _identify(self, rpc: Rpc, metadata: Mapping[str, str], ends: float) -> Current:
        token = _bearer_token(metadata)
        bearer = self._tokens.verify(token)
        role = _acting_role(rpc, bearer)
        actor = Actor(bearer.subject, _tenant(rpc, role, bearer, metadata), role)
        caller_token = metadata.get(CALLER, "") if role is Role.SERVICE else ""
        return Current(
            rpc=rpc,
            actor=actor,
            caller=self._caller(rpc, actor, caller_token) if caller_token else None,
            person_token=caller_token if role is Role.SERVICE else token,
            causation_id=metadata.get(CAUSATION, "") if role is Role.SERVICE else "",
            digest=self._digest,
            ends_at=ends,
            token_expires_at=bearer.expires_at,
        )

    def _caller(self, rpc: Rpc, actor: Actor, token: str) -> Actor:
        bearer = self._tokens.verify(token, CALLER)
        if bearer.tenant != actor.tenant:
            raise TokenInvalid(CALLER, "its tenant is not the one that the call acts for")
        allowed = [role for role in bearer.roles if role in rpc.roles]
        return Actor(bearer.subject, bearer.tenant, (allowed or list(bearer.roles))[0])


def tenant_in_turn(tokens: Tokens, metadata: Said) -> Tenant:
    """Whose turn a call is before anything of it is verified; see `places`."""
    try:
        bearer = tokens.remembered(_bearer_token(_by_key(metadata)))
    except TokenMissing:
        return STRANGERS
    if bearer is None:
        return STRANGERS
    if Role.SERVICE in bearer.roles:
        return OURS
    return STRANGERS if bearer.tenant == ANY_TENANT else bearer.tenant


def _by_key(metadata: Said) -> Mapping[str, str]:
    """The metadata by key; what came twice reads as HTTP joins it, and so names nobody."""
    said: dict[str, str] = {}
    for key, value in metadata:
        said[key] = f"{said[key]}, {value!s}" if key in said else str(value)
    return said


def _bearer_token(metadata: Mapping[str, str]) -> str:
    scheme, _, token = metadata.get(AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return token.strip()


def _acting_role(rpc: Rpc, bearer: Bearer) -> Role:
    """The first of the token's roles that may call; an any-tenant token acts as service only."""
    roles = bearer.roles if bearer.tenant != ANY_TENANT else (Role.SERVICE,)
    for role in roles:
        if role in rpc.roles and role in bearer.roles:
            return role
    needed = sorted(role.value for role in rpc.roles)
    raise RoleRequired(rpc.name, needed, [role.value for role in bearer.roles])


def _tenant(rpc: Rpc, role: Role, bearer: Bearer, metadata: Mapping[str, str]) -> Tenant:
    if role is not Role.SERVICE:
        return bearer.tenant
    named = Tenant(metadata.get(TENANT, "") or bearer.tenant)
    if bearer.tenant not in (ANY_TENANT, named):
        raise TenantRequired(rpc.name)
    everyone = named == ANY_TENANT and rpc.name in _FOR_ALL_TENANTS
    if not (everyone or is_tenant(named)):
        raise TenantRequired(rpc.name)
    return named


def _field(request: Message, name: str, default: T) -> T:
    if name not in request.DESCRIPTOR.fields_by_name:
        return default
    return cast("T", getattr(request, name))
