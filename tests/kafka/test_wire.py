"""What is published arrives: whole, in order, at least once, whatever breaks in between."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError

from amends.eventstore.records import Envelope
from amends.kafka.consumer import Consumer
from amends.kafka.producer import Producer
from deploy.local.ports import Ports
from deploy.local.stack import Stack
from tests.kafka.conftest import make_topic
from tests.kafka.events import WITHIN, Heard, said, story

Listen = Callable[[Heard], Consumer]
# Less than the session of a member, after which the group goes on without it.
UNTIL_MISSED = 4.0
_READS = """
import signal
import sys

from amends.kafka.consumer import Consumer
bootstrap, topic, group, instance = sys.argv[1:]
consumer = Consumer(bootstrap, group, [topic], lambda envelopes: None, instance=instance)
consumer.start()
assert consumer.wait_assigned(30)
print("joined", flush=True)
signal.pause()
"""
_DIES_HOLDING = """
import signal
import sys

from amends.kafka.consumer import Consumer


def never_done(envelopes):
    print("holds", *(one.version for one in envelopes), flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    signal.sigwait([signal.SIGUSR1])


bootstrap, topic, group = sys.argv[1:]
Consumer(bootstrap, group, [topic], never_done).start()
signal.pause()
"""


@pytest.fixture
def producer(bootstrap: str, topic: str) -> Iterator[Producer]:
    made = Producer(bootstrap, topic)
    yield made
    made.close()


@pytest.fixture
def listen(bootstrap: str, topic: str, group: str) -> Iterator[Listen]:
    """Starts a consumer of the test's group; all are stopped in the end."""
    started: list[Consumer] = []

    def start(heard: Heard) -> Consumer:
        consumer = Consumer(bootstrap, group, [topic], heard)
        consumer.start()
        started.append(consumer)
        return consumer

    yield start
    for consumer in started:
        consumer.stop()


def publish_until_done(producer: Producer, envelopes: list[Envelope]) -> None:
    """As the relay does: the same batch again until it is acknowledged."""
    pause = threading.Event()
    while True:
        try:
            producer.publish(envelopes)
        except KafkaError:
            pause.wait(0.2)
        else:
            return


def test_an_event_arrives_as_it_was_said(producer: Producer, listen: Listen) -> None:
    heard = Heard()
    listen(heard)
    producer.publish([said("esc_a", 1)])
    assert heard.wait_for_count(1)
    assert heard.envelopes[0] == said("esc_a", 1)
    assert heard.envelopes[0].meta.to_bytes() == said("esc_a", 1).meta.to_bytes()


def test_events_of_one_key_arrive_in_their_order(producer: Producer, listen: Listen) -> None:
    heard = Heard()
    listen(heard)
    stories = [story(f"esc_{name}", 40) for name in "abcdefgh"]
    for version in range(0, 40, 10):
        producer.publish([one for told in stories for one in told[version : version + 10]])
    assert heard.wait_for_count(320)
    assert all(heard.versions(f"esc_{name}") == list(range(1, 41)) for name in "abcdefgh")


def test_a_failing_handler_gets_the_same_event_again_and_others_go_on(
    producer: Producer, listen: Listen
) -> None:
    away = threading.Event()
    away.set()
    heard = Heard(fails=lambda one: one.subject == "esc_a" and away.is_set())
    listen(heard)
    producer.publish([*story("esc_a", 3), *story("esc_b", 3)])
    assert heard.wait_for(lambda: heard.versions("esc_b") == [1, 2, 3])
    assert heard.wait_for(lambda: sum(one == said("esc_a", 1) for one in heard.attempts) > 2)
    assert heard.versions("esc_a") == []
    away.clear()
    assert heard.wait_for(lambda: heard.versions("esc_a") == [1, 2, 3])


def test_what_was_not_handled_before_a_stop_comes_again(producer: Producer, listen: Listen) -> None:
    first = Heard(fails=lambda one: one.subject == "esc_a")
    consumer = listen(first)
    producer.publish([*story("esc_a", 2), *story("esc_b", 2)])
    assert first.wait_for(lambda: first.versions("esc_b") == [1, 2])
    consumer.stop()
    second = Heard()
    listen(second)
    assert second.wait_for(lambda: second.versions("esc_a") == [1, 2])


def test_the_last_event_of_a_stream_comes_again_where_its_reader_was_killed_while_it_held_it(
    producer: Producer, listen: Listen, bootstrap: str, topic: str, group: str
) -> None:
    """No event comes after it whose gap would tell that it is missing."""
    command = [sys.executable, "-c", _DIES_HOLDING, bootstrap, topic, group]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        producer.publish([said("esc_a", 1)])
        assert process.stdout.readline() == "holds 1\n"
        process.kill()
    heard = Heard()
    listen(heard)
    assert heard.wait_for_count(1)


def test_what_was_handled_before_an_orderly_stop_does_not_come_again(
    producer: Producer, listen: Listen
) -> None:
    first = Heard()
    consumer = listen(first)
    producer.publish(story("esc_a", 5))
    assert first.wait_for_count(5)
    consumer.stop()
    second = Heard()
    listen(second)
    producer.publish([said("esc_a", 6)])
    assert second.wait_for_count(1)
    assert second.versions("esc_a") == [6]


def test_a_record_that_is_no_event_is_passed_over(
    producer: Producer, listen: Listen, bootstrap: str, topic: str
) -> None:
    stranger = KafkaProducer(bootstrap_servers=bootstrap)
    stranger.send(topic, key=b"esc_a", value=b"hello", headers=[("ce_id", b"\xff")])
    stranger.send(topic, key=b"esc_a", value=None)
    stranger.flush()
    stranger.close()
    heard = Heard()
    listen(heard)
    producer.publish([said("esc_a", 1)])
    assert heard.wait_for_count(1)


def test_a_consumer_reads_a_topic_that_was_made_anew_from_its_beginning(
    producer: Producer, listen: Listen, stack: Stack, topic: str
) -> None:
    """Although there is more in it, when it is read again, than was ever read of the old one."""
    heard = Heard()
    listen(heard)
    names = [f"esc_{letter}" for letter in "abcdef"]
    producer.publish([one for name in names for one in story(name, 10)])
    assert heard.wait_for_count(60)
    stack.stop("kafka")
    stack.wipe("kafka")
    stack.start("kafka")
    make_topic(stack.env()["AMENDS_KAFKA_BOOTSTRAP"], topic)
    publish_until_done(producer, [one for name in names for one in story(name, 60)])
    assert heard.wait_for(lambda: all(set(heard.versions(name)) == ALL_60 for name in names))


def test_a_topic_made_anew_is_read_and_committed_again_although_it_is_as_long_as_the_old_one(
    producer: Producer, listen: Listen, stack: Stack, topic: str, group: str
) -> None:
    heard, bootstrap = Heard(), stack.env()["AMENDS_KAFKA_BOOTSTRAP"]
    listen(heard)
    producer.publish(story("esc_a", 10))
    until_committed(bootstrap, group, 10)
    stack.stop("kafka")
    stack.wipe("kafka")
    stack.start("kafka")
    make_topic(bootstrap, topic)
    publish_until_done(producer, story("esc_a", 10))
    assert heard.wait_for(lambda: len(heard.envelopes) >= 20)
    until_committed(bootstrap, group, 10)


ALL_60 = set(range(1, 61))


def until_committed(bootstrap: str, group: str, count: int) -> None:
    """Until the group has committed so many records."""
    admin, pause = KafkaAdminClient(bootstrap_servers=bootstrap), threading.Event()
    try:
        for _ in range(int(WITHIN / 0.1)):
            found = admin.list_group_offsets(group).get(group, {}).values()
            if sum(at.offset for at in found if at.offset > 0) == count:
                return
            pause.wait(0.1)
        pytest.fail(f"{count} are not committed")
    finally:
        admin.close()


def test_when_one_of_a_group_stops_the_other_goes_on(producer: Producer, listen: Listen) -> None:
    heard = Heard()
    one, two = listen(heard), listen(heard)
    assert one.wait_assigned(WITHIN)
    assert two.wait_assigned(WITHIN)
    names = [f"esc_{name}" for name in "abcdef"]
    producer.publish([said(name, 1) for name in names])
    assert heard.wait_for_count(6)
    one.stop()
    producer.publish([said(name, 2) for name in names])
    assert heard.wait_for_count(12)
    assert all(heard.versions(name) == [1, 2] for name in names)


def test_nothing_is_lost_or_reordered_when_kafka_is_killed(
    producer: Producer, listen: Listen, stack: Stack
) -> None:
    heard = Heard()
    listen(heard)
    for version in range(1, 31):
        publish_until_done(producer, [said("esc_a", version), said("esc_b", version)])
        if version == 10:
            stack.kill("kafka")
    assert heard.wait_for_count(60)
    assert heard.versions("esc_a") == heard.versions("esc_b") == list(range(1, 31))


def test_a_consumer_that_starts_while_kafka_is_away_reads_when_it_is_back(
    producer: Producer, listen: Listen, stack: Stack
) -> None:
    producer.publish(story("esc_a", 2))
    stack.kill("kafka")
    heard = Heard()
    listen(heard)
    assert heard.wait_for_count(2)


def test_publishing_says_so_when_kafka_is_away(topic: str) -> None:
    nowhere = Producer(Ports.free().address("kafka"), topic)
    with pytest.raises(KafkaError):
        nowhere.publish([said("esc_a", 1)])


def test_a_killed_consumer_that_comes_back_under_its_name_reads_on_at_once(
    bootstrap: str, topic: str, group: str, producer: Producer
) -> None:
    with killed_after_joining(bootstrap, topic, group, "worker-1"):
        pass
    heard = Heard()
    back = Consumer(bootstrap, group, [topic], heard, instance="worker-1")
    back.start()
    producer.publish([said("esc_a", 1)])
    try:
        assert back.wait_assigned(UNTIL_MISSED), "it waited until the dead one was missed"
        assert heard.wait_for_count(1)
    finally:
        back.stop()


@contextmanager
def killed_after_joining(bootstrap: str, topic: str, group: str, instance: str) -> Iterator[None]:
    """Another process reads the topic under that name; at the end it is killed with SIGKILL."""
    command = [sys.executable, "-c", _READS, bootstrap, topic, group, instance]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
        yield
        process.kill()
