"""The contract holds together: generated code, roles, refusals, sealed words."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor, MethodDescriptor

import amends
import services
from amends.rpc.refusals import RemoteRefusal
from amends.rpc.status import STATUS_OF
from amends.v1 import access_pb2
from amends.values.refusal import Refusal
from deploy.local.home import CHECKOUT
from tests.contract import PROTO, events, rpcs

# Programs, what is generated, and what only Alembic may import.
_NO_MODULES = re.compile(r"__main__$|^amends\.v1|\.migrations\.")
_REFUSED = re.compile(r"Refused: ((?:.|\n)*?)\n\s*rpc ")
_REASON = re.compile(r"[A-Z]{2,}(?:_[A-Z]+)+")
# What a customer said or is called by: never a plain field of an event.
_PERSONAL = {"words", "customer", "order", "stake", "expected_outcome", "occasion", "explanation"}
# Statuses by which the process itself speaks, beside the domain's refusals.
_WORDS_OF_NO_REFUSAL = {"RESHIP_NOT_FEASIBLE"}


def modules(package: object) -> Iterator[object]:
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):  # type: ignore[attr-defined]
        if not _NO_MODULES.search(info.name):
            yield importlib.import_module(info.name)


def refusals() -> set[type[Refusal]]:
    list(modules(amends))
    list(modules(services))
    found: set[type[Refusal]] = set()
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            ours = kind.__module__.startswith(("amends.", "services."))
            if ours and "reason" in vars(kind) and not issubclass(kind, RemoteRefusal):
                found.add(kind)
    return found


def test_generated_code_is_what_the_proto_says() -> None:
    checked = subprocess.run(
        [sys.executable, "proto/generate.py", "--check"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_refusal_has_its_status() -> None:
    assert {kind.reason for kind in refusals()} - set(STATUS_OF) == set()


def test_every_refusal_that_the_contract_names_has_its_status() -> None:
    text = "\n".join(path.read_text() for path in PROTO.glob("*_service.proto"))
    named = {reason for part in _REFUSED.findall(text) for reason in _REASON.findall(part)}
    assert named
    assert named - set(STATUS_OF) == set()


def test_every_refusal_that_the_contract_names_can_happen() -> None:
    text = "\n".join(path.read_text() for path in PROTO.glob("*_service.proto"))
    named = {reason for part in _REFUSED.findall(text) for reason in _REASON.findall(part)}
    assert named - {kind.reason for kind in refusals()} - _WORDS_OF_NO_REFUSAL == set()


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.full_name)
def test_every_rpc_names_its_roles(rpc: MethodDescriptor) -> None:
    options = rpc.GetOptions()
    assert options.Extensions[access_pb2.access].roles  # type: ignore[index] # its stub is too narrow


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
def test_what_a_person_said_is_sealed_in_every_event(event: Descriptor) -> None:
    plain = [
        field.name
        for field in event.fields
        if field.name in _PERSONAL
        and (field.message_type is None or field.message_type.name != "Sealed")
    ]
    assert plain == []
