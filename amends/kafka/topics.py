"""The internal topics, declared in one place: names, partitions, retention.

The partition count is fixed for ever, since changing it breaks the order within a key.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from kafka import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError, for_code

from amends.kafka.reach import require_broker

SERVICES = ("intake", "routing", "resolution", "followup")
PARTITIONS = 12
RETENTION_DAYS = 14


def topic_of(service: str) -> str:
    """The topic that only this service writes."""
    return f"amends.{service}.v1"


TOPICS = tuple(map(topic_of, SERVICES))


def declare(bootstrap: str, *, replication: int = 1) -> None:
    """Creates the topics that are missing and waits until each has its leaders; repeatable."""
    with _admin(bootstrap) as admin:
        missing = set(TOPICS) - set(admin.list_topics())
        if missing:
            _create(admin, sorted(missing), replication)
        admin.wait_for_topics(list(TOPICS))


def id_of(bootstrap: str, topic: str) -> str:
    """What Kafka calls this very topic: one of the same name that is made later has another id.

    Raises:
        kafka.errors.KafkaError: no broker answers, or there is no such topic.
    """
    with _admin(bootstrap) as admin:
        [described] = admin.describe_topics([topic])
    if described["error_code"]:
        raise for_code(described["error_code"])(topic)
    return str(described["topic_id"])


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    require_broker(bootstrap)
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        yield admin
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, names: list[str], replication: int) -> None:
    settings = {
        "num_partitions": PARTITIONS,
        "replication_factor": replication,
        "configs": {"retention.ms": str(RETENTION_DAYS * 24 * 60 * 60 * 1000)},
    }
    try:
        admin.create_topics(dict.fromkeys(names, settings))
    except TopicAlreadyExistsError:
        return  # another process declared them at the same moment
