"""What the contract holds, as the generated modules tell it."""

import importlib
from collections.abc import Iterator

from google.protobuf.descriptor import Descriptor, FileDescriptor, MethodDescriptor

from deploy.local.home import CHECKOUT

PROTO = CHECKOUT / "proto" / "amends" / "v1"


def rpcs() -> list[MethodDescriptor]:
    """Every RPC of every service."""
    return [
        method
        for file in _files("*_service.proto")
        for service in file.services_by_name.values()
        for method in service.methods
    ]


def events() -> list[Descriptor]:
    """Every message of the events' files: the events, and the values in them."""
    files = _files("*_events.proto")
    return [message for file in files for message in file.message_types_by_name.values()]


def _files(pattern: str) -> Iterator[FileDescriptor]:
    for path in sorted(PROTO.glob(pattern)):
        yield importlib.import_module(f"amends.v1.{path.stem}_pb2").DESCRIPTOR
