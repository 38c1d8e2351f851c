"""Apache Kafka, one node, from the locked jars on the wheel's Java."""

import base64
import socket
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient

from amends.kafka import topics
from deploy.local import jars, wheels
from deploy.local.home import Home
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.private import write_private
from deploy.local.refused import Refused

# Java's own start-up counts here more than its top speed.
_JAVA_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",  # it would write to /tmp
    "-Dorg.apache.logging.log4j.level=WARN",
)

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
listeners=PLAINTEXT://{broker},CONTROLLER://{controller}
advertised.listeners=PLAINTEXT://{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
# Without these two a restart after kill -9 waits 9-11 s for the old session.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
# Nothing is said of the metadata twice a second where nothing changed.
metadata.max.idle.interval.ms=30000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
default.replication.factor=1
min.insync.replicas=1
# Topics are declared by us, with their partitions and retention.
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=4
log.segment.bytes=16777216
log.index.size.max.bytes=1048576
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker of one stack."""

    home: Home
    ports: Ports

    def part(self) -> Part:
        """How the supervisor runs it."""
        return Part(
            name="kafka",
            command=self._java("kafka.Kafka", str(self._settings)),
            ready=self._answers,
            address=self.ports.address("kafka"),
            prepare=self._prepare,
            settle=self._declare_topics,
        )

    @property
    def _data(self) -> Path:
        return self.home.data / "kafka"

    @property
    def _settings(self) -> Path:
        return self.home.run / "kafka.properties"

    def _java(self, *arguments: str) -> tuple[str, ...]:
        return (str(wheels.java()), *_JAVA_OPTIONS, "-cp", f"{jars.FOLDER}/*", *arguments)

    def _prepare(self) -> None:
        jars.require()
        self._settings.write_text(
            _SETTINGS.format(
                broker=self.ports.address("kafka"),
                controller=self.ports.address("kafka-controller"),
                data=self._data,
            )
        )
        if not (self._data / "meta.properties").exists():
            self._format()

    def _format(self) -> None:
        arguments = ("format", "--ignore-formatted", "-t", self._cluster(), "-c")
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", *arguments, str(self._settings)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Refused(f"Kafka's storage cannot be made: {done.stderr}", f"see {self._data}")

    def _cluster(self) -> str:
        """The cluster's id: kept, so that a format cut short goes on under the same one."""
        file = self.home.keys / "kafka.cluster"
        if not file.exists():
            letters = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            write_private(
                file, "A" + letters[1:]
            )  # never a leading '-': it would read as an option
        return file.read_text()

    def _answers(self) -> bool:
        address = self.ports.address("kafka")
        with socket.create_connection(("127.0.0.1", self.ports["kafka"]), timeout=1):
            admin = KafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2_000)
        try:
            return bool(admin.describe_cluster()["brokers"])
        finally:
            admin.close()

    def _declare_topics(self) -> None:
        topics.declare(self.ports.address("kafka"))
