"""Every RPC has an example, and each example is a request that a server takes."""

import pytest
from google.protobuf.descriptor import MethodDescriptor

from amends.rpc.validation import ValidationStep
from tests.guarantees.examples import EXAMPLES, example, request_of, rpcs


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.name)
def test_every_rpc_has_an_example_that_breaks_no_rule(rpc: MethodDescriptor) -> None:
    assert ValidationStep().violations(request_of(rpc)) == []


def test_no_example_is_of_an_rpc_that_is_gone() -> None:
    assert set(EXAMPLES.iterdir()) == {example(rpc.name) for rpc in rpcs()}
