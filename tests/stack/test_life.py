"""The life of a stack: up, killed, brought back with its data, down without a trace."""

import contextlib
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import grpc
import psutil
import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.api.workflowservice.v1.service_pb2_grpc import WorkflowServiceStub

from amends.kafka.topics import PARTITIONS, TOPICS
from deploy.local import leftovers
from deploy.local.databases import DATABASES
from deploy.local.postgres import ADMIN, Postgres
from deploy.local.refused import Refused
from deploy.local.stack import Stack
from deploy.local.state import all_healthy
from tests.stack.conftest import SERVERS


def kill_supervisor(stack: Stack) -> None:
    (supervisor,) = (
        one for one in leftovers.find(stack.home) if "supervisord" in leftovers.name(one)
    )
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait(10)


def kill_everything(stack: Stack) -> None:
    while left := leftovers.find(stack.home):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)


def test_every_service_has_its_database(stack: Stack) -> None:
    with database(stack, "postgres") as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    assert set(DATABASES) <= names


def test_every_topic_is_declared_with_its_partitions(stack: Stack) -> None:
    consumer = KafkaConsumer(bootstrap_servers=stack.env()["AMENDS_KAFKA_BOOTSTRAP"])
    try:
        assert {name: len(consumer.partitions_for_topic(name)) for name in TOPICS} == dict.fromkeys(
            TOPICS, PARTITIONS
        )
    finally:
        consumer.close()


def test_closed_cases_are_kept_for_ninety_days(stack: Stack) -> None:
    with grpc.insecure_channel(stack.env()["AMENDS_TEMPORAL_ADDRESS"]) as channel:
        described = WorkflowServiceStub(channel).DescribeNamespace(
            DescribeNamespaceRequest(namespace="amends"), timeout=5
        )
    kept = described.config.workflow_execution_retention_ttl.ToTimedelta()
    assert kept == timedelta(days=90)


def test_up_twice_is_harmless(stack: Stack) -> None:
    before = {name: stack.pid(name) for name in SERVERS}
    assert not stack.up()
    assert {name: stack.pid(name) for name in SERVERS} == before


def test_up_writes_a_lost_stack_env_again(stack: Stack) -> None:
    before = stack.env()
    stack.home.environment.unlink()
    assert not stack.up()
    assert stack.env() == before


@pytest.mark.parametrize("name", SERVERS)
def test_a_killed_part_comes_back_by_itself(stack: Stack, name: str) -> None:
    before = stack.pid(name)
    stack.kill(name)
    stack.wait_healthy(name)
    assert stack.pid(name) != before


def test_a_restarted_part_is_another_process(stack: Stack) -> None:
    before = stack.pid("postgres")
    stack.restart("postgres")
    assert stack.pid("postgres") != before


@pytest.mark.parametrize("end", [kill_everything, Stack.down])
def test_up_again_brings_the_same_data_back(stack: Stack, end: Callable[[Stack], object]) -> None:
    write(stack, "kept")
    end(stack)
    assert not stack.is_up()
    assert stack.up()
    assert read(stack)[-1] == ("kept", b"kept")


def test_up_ends_what_its_dead_supervisor_left(stack: Stack) -> None:
    orphans = {stack.pid(name) for name in SERVERS}
    kill_supervisor(stack)
    assert orphans <= {process.pid for process in leftovers.find(stack.home)}
    assert stack.up()
    assert not orphans & {process.pid for process in leftovers.find(stack.home)}
    assert all_healthy(stack.states())


def test_down_ends_what_its_dead_supervisor_left(stack: Stack) -> None:
    kill_supervisor(stack)
    assert stack.down()
    assert leftovers.find(stack.home) == []


def test_down_leaves_nothing_and_may_be_repeated(stack: Stack) -> None:
    assert set(stack.down()) == set(SERVERS)
    assert leftovers.find(stack.home) == []
    assert stack.down() == []
    with pytest.raises(Refused, match="postgres does not run"):
        stack.pid("postgres")


def test_a_stack_is_found_again_by_its_folder(stack: Stack) -> None:
    found = Stack.found(stack.home.path)
    assert found.pid("kafka") == stack.pid("kafka")
    assert all_healthy(found.states())


def test_secrets_are_for_their_user_only(stack: Stack) -> None:
    secret = [stack.home.environment, *stack.home.keys.iterdir()]
    assert {mode(file) for file in secret} == {0o600}
    assert mode(stack.home.keys) == 0o700


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def database(stack: Stack, name: str) -> psycopg.Connection:
    address = Postgres(stack.home, stack.ports).address(ADMIN)
    return psycopg.connect(address + name, autocommit=True)


def write(stack: Stack, words: str) -> None:
    with database(stack, "amends_intake") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (words text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [words])
    producer = KafkaProducer(bootstrap_servers=stack.env()["AMENDS_KAFKA_BOOTSTRAP"], acks="all")
    producer.send(TOPICS[0], words.encode()).get(10)
    producer.close()


def read(stack: Stack) -> list[tuple[str, bytes]]:
    with database(stack, "amends_intake") as connection:
        rows = [words for (words,) in connection.execute("SELECT words FROM kept")]
    consumer = KafkaConsumer(
        TOPICS[0],
        bootstrap_servers=stack.env()["AMENDS_KAFKA_BOOTSTRAP"],
        auto_offset_reset="earliest",
        consumer_timeout_ms=5_000,
    )
    try:
        records = [next(consumer).value for _ in rows]
    finally:
        consumer.close()
    return list(zip(rows, records, strict=True))
