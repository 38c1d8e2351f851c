"""A stack of the three real servers, on ports and in a folder of its own."""

from collections.abc import Iterator

import pytest

from deploy.local.ports import Ports
from deploy.local.stack import Stack

SERVERS = ("postgres", "kafka", "temporal")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("servers"), Ports.free(), SERVERS)
    try:
        yield stack
    finally:
        stack.down()


@pytest.fixture
def stack(servers: Stack) -> Stack:
    """The servers, all of them healthy."""
    servers.up()
    return servers
