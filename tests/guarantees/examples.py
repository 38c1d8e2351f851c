"""Examples: one whole request for every RPC, kept in docs/examples for readers and tests alike."""

import importlib
from pathlib import Path
from types import ModuleType

from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from deploy.local.home import CHECKOUT

EXAMPLES = CHECKOUT / "docs" / "examples"


class NoExample(AssertionError):
    """An RPC of the contract that nobody has written an example for."""


def rpcs() -> list[MethodDescriptor]:
    """Every RPC of the contract, each once: some are served by several services."""
    return [
        method
        for module in _modules()
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    ]


def example(rpc: str) -> Path:
    """The file of an RPC's example: its request in protobuf's JSON."""
    return EXAMPLES / f"{rpc}.json"


def request_of(rpc: MethodDescriptor) -> Message:
    """A request that breaks no rule, with every field that a caller would fill in.

    Raises:
        NoExample: write one.
    """
    file = example(rpc.name)
    if not file.exists():
        msg = f"{rpc.full_name} has no example; write {file.relative_to(CHECKOUT)}"
        raise NoExample(msg)
    message = GetMessageClass(rpc.input_type)()
    return json_format.Parse(file.read_text(), message)


def _modules() -> list[ModuleType]:
    found = sorted((CHECKOUT / "proto" / "amends" / "v1").glob("*_service.proto"))
    return [importlib.import_module(f"amends.v1.{path.stem}_pb2") for path in found]
