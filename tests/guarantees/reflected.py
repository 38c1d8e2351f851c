"""What a running server says of itself: its services, their RPCs, and who may call each.

Asked by gRPC reflection, so that an RPC is covered from the moment in which a server answers it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from amends.rpc.rpcs import role_of
from amends.v1 import access_pb2
from amends.values.identity import Role

Method = descriptor_pb2.MethodDescriptorProto


@dataclass(frozen=True, slots=True)
class Reflected:
    """One RPC at one server ("intake"), with the roles that its method option names."""

    server: str
    path: str
    streams: bool
    roles: frozenset[Role]
    request: Descriptor

    def __str__(self) -> str:
        return f"{self.server}{self.path}"

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[1]


def services_of(address: str) -> list[str]:
    """Every service that the server answers."""
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    [answer] = _asked(address, [request])
    return [one.name for one in answer.list_services_response.service]


def rpcs_of(addresses: Mapping[str, str]) -> list[Reflected]:
    """Every RPC of ours at every server; health and reflection are not ours."""
    return [
        rpc
        for server, address in addresses.items()
        for service in services_of(address)
        if service.startswith("amends.")
        for rpc in _rpcs(server, service, _files(address, service))
    ]


def _rpcs(
    server: str, service: str, files: list[descriptor_pb2.FileDescriptorProto]
) -> Iterator[Reflected]:
    pool = DescriptorPool()
    _add(pool, {file.name: file for file in files})
    for file in files:
        for found in file.service:
            if f"{file.package}.{found.name}" != service:
                continue
            for method in found.method:
                yield Reflected(
                    server,
                    f"/{service}/{method.name}",
                    method.server_streaming,
                    _roles(method),
                    pool.FindMessageTypeByName(method.input_type.removeprefix(".")),
                )


def _roles(method: Method) -> frozenset[Role]:
    extensions: Any = method.options.Extensions
    return frozenset(role_of(number) for number in extensions[access_pb2.access].roles)


def _files(address: str, service: str) -> list[descriptor_pb2.FileDescriptorProto]:
    """The file of a service, with all that it imports."""
    request = reflection_pb2.ServerReflectionRequest(file_containing_symbol=service)
    [answer] = _asked(address, [request])
    found = answer.file_descriptor_response.file_descriptor_proto
    return [descriptor_pb2.FileDescriptorProto.FromString(one) for one in found]


def _add(pool: DescriptorPool, files: dict[str, descriptor_pb2.FileDescriptorProto]) -> None:
    """Adds each file behind those that it imports."""
    added: set[str] = set()

    def add(name: str) -> None:
        if name in added:
            return
        added.add(name)
        for needed in files[name].dependency:
            add(needed)
        pool.AddSerializedFile(files[name].SerializeToString())

    for name in files:
        add(name)


def _asked(
    address: str, requests: list[reflection_pb2.ServerReflectionRequest]
) -> list[reflection_pb2.ServerReflectionResponse]:
    with grpc.insecure_channel(address, [("grpc.enable_http_proxy", 0)]) as channel:
        stub: Any = ServerReflectionStub(channel)
        return list(stub.ServerReflectionInfo(iter(requests), timeout=30))
