"""What several guarantees look at: two customers whose every word can be recognised."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.guarantees.two_customers import TwoCustomers, two_customers


@pytest.fixture(scope="session")
def customers(stack: Stack) -> Iterator[TwoCustomers]:
    both = two_customers(stack)
    both.play()
    yield both
    both.cast.close()
