"""docs/api.md tells the truth: its examples are taken, its refusals are all that a service says."""

import importlib
import inspect
import pkgutil

import pytest
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor

from amends.rpc.validation import ValidationStep
from amends.v1 import resolution_service_pb2, routing_events_pb2, routing_service_pb2
from amends.values.refusal import Refusal
from proto.describe import OF_EVERY_CALL, examples, refusals_of
from proto.rules import in_words, rules_of
from tests.contract import rpcs

EXAMPLES = examples()
VALIDATION = ValidationStep()
SERVICES = {
    "intake": "IntakeService",
    "routing": "RoutingService",
    "resolution": "ResolutionService",
    "followup": "FollowUpService",
    "commerce": "CommerceService",
}


def name_of(rpc: MethodDescriptor) -> str:
    return f"{rpc.containing_service.name}.{rpc.name}"


def test_every_rpc_has_one_example_in_proto_examples_json() -> None:
    assert set(EXAMPLES) == {name_of(rpc) for rpc in rpcs()}


@pytest.mark.parametrize("rpc", rpcs(), ids=name_of)
def test_an_example_is_a_request_that_breaks_no_rule(rpc: MethodDescriptor) -> None:
    request = message_factory.GetMessageClass(rpc.input_type)()
    json_format.ParseDict(EXAMPLES[name_of(rpc)], request)
    assert VALIDATION.violations(request) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_refusal_of_a_service_is_named_by_one_of_its_rpcs(service: str) -> None:
    mine = [rpc for rpc in rpcs() if rpc.containing_service.name == SERVICES[service]]
    of_all = [rpc for rpc in rpcs() if rpc.containing_service.name not in SERVICES.values()]
    named = {reason for rpc in (*mine, *of_all) for reason in refusals_of(rpc)}
    assert _reasons(service) - named - set(OF_EVERY_CALL) == set()


def _reasons(service: str) -> set[str]:
    """The reasons of the refusals that a service itself defines."""
    package = importlib.import_module(f"services.{service}")
    found = set()
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not info.name.endswith("__main__"):
            module = importlib.import_module(info.name)
            for _, kind in inspect.getmembers(module, inspect.isclass):
                if issubclass(kind, Refusal) and "reason" in vars(kind):
                    found.add((kind.__module__, kind.reason))
    return {reason for where, reason in found if where.startswith(f"services.{service}")}


@pytest.mark.parametrize(
    ("message", "field", "words"),
    [
        (resolution_service_pb2.MakeOfferRequest, "request_id", "a UUID"),
        (resolution_service_pb2.MakeOfferRequest, "expected_version", "at least 0"),
        (resolution_service_pb2.MakeOfferRequest, "explanation", "1 to 5,000 characters"),
        (resolution_service_pb2.MakeOfferRequest, "remedies", "1 to 5 items"),
        (resolution_service_pb2.OfferedRemedy, "kind", "must be set"),
        (routing_service_pb2.GrantAuthorityRequest, "per_case", "required"),
        (routing_service_pb2.PreviewRouteRequest, "escalation_id", "`^esc_[a-z0-9]{1,60}$`"),
        (routing_events_pb2.AuthorityGranted, "grant_id", ""),
    ],
)
def test_the_rules_of_a_field_stand_there_in_words(message: type, field: str, words: str) -> None:
    described = message.DESCRIPTOR.fields_by_name[field]  # type: ignore[attr-defined]
    assert in_words(rules_of(described), described) == words
