"""Kafka alone, on ports and in a folder of its own, with a new topic and group for each test."""

import uuid
from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient

from deploy.local.ports import Ports
from deploy.local.stack import Stack


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("kafka"), Ports.free(), ["kafka"]) as running:
        yield running


@pytest.fixture
def stack(servers: Stack) -> Stack:
    """Kafka, healthy."""
    servers.wait_healthy("kafka")
    return servers


@pytest.fixture
def bootstrap(stack: Stack) -> str:
    return stack.env()["AMENDS_KAFKA_BOOTSTRAP"]


@pytest.fixture
def topic(bootstrap: str) -> str:
    name = f"amends.test-{uuid.uuid4()}.v1"
    make_topic(bootstrap, name)
    return name


def make_topic(bootstrap: str, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics({name: {"num_partitions": 3, "replication_factor": 1}})
        admin.wait_for_topics([name])
    finally:
        admin.close()


@pytest.fixture
def group() -> str:
    return f"group-{uuid.uuid4()}"
