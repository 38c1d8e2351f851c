"""Refusals of the edge itself: who calls, what was sent, and how much at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import grpc

from amends.values.refusal import Refusal

_NAMED = 20  # fields that a message names; the details name more


class TokenMissing(Refusal):
    """The call carries no bearer token."""

    reason = "TOKEN_MISSING"

    def __init__(self) -> None:
        super().__init__("the call has no token; send the metadata `authorization: Bearer <token>`")


class TokenExpired(Refusal):
    """The token was good once; `credential` in the metadata names the metadata key it came in."""

    reason = "TOKEN_EXPIRED"

    def __init__(self, credential: str) -> None:
        super().__init__(
            f"the token in `{credential}` has expired; fetch a new one and repeat the call",
            credential=credential,
        )


class TokenInvalid(Refusal):
    """The token proves nothing; `credential` in the metadata names the metadata key it came in."""

    reason = "TOKEN_INVALID"

    def __init__(self, credential: str, why: str) -> None:
        super().__init__(
            f"the token in `{credential}` is refused: {why}; fetch another and repeat the call",
            credential=credential,
        )


class RoleRequired(Refusal):
    """None of the token's roles may call this RPC."""

    reason = "ROLE_REQUIRED"

    def __init__(self, rpc: str, needed: Sequence[str], held: Sequence[str]) -> None:
        super().__init__(
            f"{rpc} needs one of the roles {', '.join(needed)}; the token has {', '.join(held)}; "
            "call with one that has it",
            rpc=rpc,
            roles=",".join(needed),
        )


class TenantRequired(Refusal):
    """A service must name the tenant that it acts for, one that its token allows."""

    reason = "TENANT_REQUIRED"
    field = "amends-tenant"

    def __init__(self, rpc: str) -> None:
        super().__init__(
            f"{rpc} called by a service names no tenant; send the metadata `amends-tenant` with "
            "one tenant that the token allows",
            rpc=rpc,
        )


class Overloaded(Refusal):
    """As many calls are in flight as the server takes at once."""

    reason = "OVERLOADED"

    def __init__(self, limit: int, kind: str) -> None:
        super().__init__(
            f"{limit} {kind} are in flight, which is the limit; repeat the call a little later",
            limit=str(limit),
        )


class MessageTooLarge(Refusal):
    """A request above the server's limit; gRPC refuses it before anybody reads it."""

    reason = "MESSAGE_TOO_LARGE"

    def __init__(self) -> None:
        super().__init__("the message is larger than the server takes; send a smaller one")


class Stopping(Refusal):
    """The server finishes what it began and takes nothing new."""

    reason = "SERVER_STOPPING"

    def __init__(self) -> None:
        super().__init__("the server is stopping; repeat the call with the same request_id")


@dataclass(frozen=True, slots=True)
class Violation:
    """One wrong field: its path in the request, what is wrong, and the rule's name."""

    field: str
    description: str
    rule: str = ""


class InvalidFields(Refusal):
    """Every field of the request that breaks a rule of the contract, all at once."""

    reason = "INVALID_FIELD"

    def __init__(self, violations: Sequence[Violation]) -> None:
        fields = list(dict.fromkeys(violation.field for violation in violations))
        more = f" and {len(fields) - _NAMED} more" if len(fields) > _NAMED else ""
        super().__init__(
            f"these fields are wrong: {', '.join(fields[:_NAMED])}{more}; correct each as its "
            "violation says and send the request again"
        )
        self.violations = tuple(violations)


class InvalidAmounts(InvalidFields):
    """Every field that is wrong is an amount of money."""

    reason = "INVALID_MONEY"


class RemoteRefusal(Refusal):
    """What another service refused, as it said it; raised again it maps to the same status."""

    reason = "REMOTE_REFUSAL"
    status: ClassVar[grpc.StatusCode] = grpc.StatusCode.UNKNOWN
    violations: tuple[Violation, ...] = ()

    @staticmethod
    def of(reason: str, status: grpc.StatusCode) -> "type[RemoteRefusal]":
        """The class of the refusals with this reason and status."""
        return _remote(reason, status)


@lru_cache(maxsize=256)
def _remote(reason: str, status: grpc.StatusCode) -> type[RemoteRefusal]:
    return type("RemoteRefusal", (RemoteRefusal,), {"reason": reason, "status": status})
