"""RPCs and who may call them, read from the contract's method options."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor

from amends.v1 import access_pb2
from amends.values.identity import Role


class UndeclaredAccess(Exception):
    """An RPC of the contract names nobody who may call it: the server must not start."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """One RPC: its short name, its path on the wire, and the roles that may call it."""

    name: str
    path: str
    streams: bool
    roles: frozenset[Role]


def rpcs_of(service: str) -> dict[str, Rpc]:
    """The RPCs of a service (protobuf full name) by their path.

    Raises:
        UndeclaredAccess: an RPC has no `(amends.v1.access)` option with a role.
    """
    descriptor = descriptor_pool.Default().FindServiceByName(service)
    found = [_rpc(service, method) for method in descriptor.methods]
    return {rpc.path: rpc for rpc in found}


def role_of(number: int) -> Role:
    """ROLE_DECISION_MAKER (the contract's number) as the token and the domain spell it."""
    name = access_pb2.Role.Name(number)
    return Role[name.removeprefix("ROLE_")]


def _rpc(service: str, method: MethodDescriptor) -> Rpc:
    numbers = _roles(method)
    if not numbers or access_pb2.ROLE_UNSPECIFIED in numbers:
        msg = f"{service}.{method.name} names no role; give it `option (amends.v1.access)`"
        raise UndeclaredAccess(msg)
    return Rpc(
        name=method.name,
        path=f"/{service}/{method.name}",
        streams=method.server_streaming,
        roles=frozenset(role_of(number) for number in numbers),
    )


def _roles(method: MethodDescriptor) -> list[int]:
    extensions: Any = method.GetOptions().Extensions
    return list(extensions[access_pb2.access].roles)
