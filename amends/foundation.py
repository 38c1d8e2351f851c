"""What every event-sourced service stands on, wired once from the settings.

A service's `bootstrap.py` adds what is its own: its events, read models, subscriptions, servicer.
Nothing here connects before it is used.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from kafka.errors import KafkaError
from sqlalchemy import Engine, text

from amends import telemetry
from amends.clock import Clock
from amends.eventstore import read_models, rebuilt
from amends.eventstore.codec import Codec
from amends.eventstore.engine import database_clock, make_engine, reader
from amends.eventstore.gauges import of_outbox, of_parked
from amends.eventstore.inbox import Inbox
from amends.eventstore.log import EventLog
from amends.eventstore.migrate import STORE, migrate
from amends.eventstore.parking import ParkingAlarms
from amends.eventstore.read_models import Projection
from amends.eventstore.records import Envelope
from amends.eventstore.relay import Relay
from amends.eventstore.retention import keep_emptying
from amends.eventstore.sealing import Vault, read_master_key
from amends.eventstore.subscription import Subscription
from amends.eventstore.watch import Notify, Wake
from amends.kafka.consumer import Consumer
from amends.kafka.dispatch import AT_ONCE, Gathering
from amends.kafka.producer import Producer
from amends.kafka.topics import RETENTION_DAYS, declare, topic_of
from amends.process import App, Loop
from amends.rpc.alarms import AlarmHandlers, AlarmServicer
from amends.rpc.channel import Channels, as_tenant
from amends.rpc.eventlog import EventLogServicer, read_events
from amends.rpc.privacy import Forgetting, PrivacyHandlers, PrivacyServicer
from amends.rpc.server import Server
from amends.rpc.signing import TokenFile
from amends.rpc.tokens import Tokens
from amends.settings import SettingMissing, Settings
from amends.telemetry.metrics import Ask
from amends.v1.alarm_service_pb2_grpc import add_AlarmServiceServicer_to_server
from amends.v1.eventlog_service_pb2_grpc import (
    EventLogServiceStub,
    add_EventLogServiceServicer_to_server,
)
from amends.v1.privacy_service_pb2_grpc import add_PrivacyServiceServicer_to_server
from amends.values.alarm import AlarmCleared, AlarmRaised
from amends.values.identity import Tenant

Receive = Callable[[Iterable[Envelope]], int]
"""Takes in what other services said; how many events were new."""

Then = Callable[[Sequence[Envelope]], None]
"""What a service says to what it was told; called after each batch, also one that it knew."""

ALARM_EVENTS: tuple[type, ...] = (AlarmRaised, AlarmCleared)
"""Events that every service's codec knows beside its own."""

NOTHING: Mapping[str, Ask] = MappingProxyType({})

# Seconds until the owners of parked streams are asked again: where one was away, and else.
_TRY_AGAIN = 5.0
_LOOK_AGAIN = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is a service's own in its store: its events, its read models, what it listens to."""

    codec: Codec
    projections: Sequence[Projection]
    subscriptions: Sequence[Subscription]
    migrations: Path
    """The folder of the revisions of its own tables."""
    gathering: Gathering = AT_ONCE
    """How long what the others say may wait for what they say next."""
    relay_pause: float = 0.0
    """Seconds for which its relay waits after it published something."""


class Foundation:
    """The parts of one service that are the same in all; `name` is its source ("routing")."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._settings = settings
        url = settings.database_url_for(name)
        self.engine: Engine = make_engine(url)
        self._reader = reader(self.engine)
        self.clock = Clock(database_clock(url), settings.clock_file)
        master_key = read_master_key(_file(settings.master_key_file, "AMENDS_MASTER_KEY_FILE"))
        self.vault = Vault(self.engine, master_key)
        self.wake, self._said = Wake(), Wake()
        token = TokenFile(_file(settings.service_token_file, "AMENDS_SERVICE_TOKEN_FILE"))
        self.channels = Channels(settings.addresses, token)

    def log(self, model: Model) -> EventLog:
        """The service's log; whoever waits in this process is woken by each commit."""
        return EventLog(
            self.engine,
            model.codec,
            model.projections,
            self.vault,
            self.clock,
            topic_source=self.name,
            wake=self._committed,
        )

    def _committed(self, *streams: str) -> None:
        """There is something to see, and to publish; what was only received is not published."""
        self.wake.notify(*streams)
        self._said.notify(*streams)

    def inbox(self, model: Model, *, wake: Notify | None = None) -> Inbox:
        """What the others say; gaps are fetched from their logs by gRPC.

        Whoever waits in this process is woken where something is taken in, unless `wake` is.
        """
        return Inbox(
            self.engine,
            model.subscriptions,
            self._fetch,
            parking=ParkingAlarms(self.name, self.log(model), self.clock),
            wake=wake or self.wake.notify,
        )

    def server(self, log: EventLog, inbox: Inbox, forgetting: Forgetting) -> Server:
        """The gRPC server with what all services answer; the service adds its own servicer."""
        server = Server(
            self._settings.address_of(self.name),
            tokens=Tokens(_file(self._settings.jwks_file, "AMENDS_JWKS_FILE")),
            digest=self.vault.digest,
            now=self.clock.now,
            log=log,
        )
        asking = () if self.name == "intake" else (partial(inbox.catch_up, "intake"),)
        alarms = AlarmHandlers(log, self.engine, self.clock, *asking)
        server.add(add_EventLogServiceServicer_to_server, EventLogServicer(log))
        server.add(add_AlarmServiceServicer_to_server, AlarmServicer(alarms))
        privacy = PrivacyHandlers(self.engine, self.vault, forgetting)
        server.add(add_PrivacyServiceServicer_to_server, PrivacyServicer(privacy))
        return server

    def app(
        self,
        server: Server,
        inbox: Inbox,
        model: Model,
        *,
        then: Then | None = None,
        asks: Mapping[str, Ask] = NOTHING,
    ) -> App:
        """The service as a process.

        `then` follows each batch that was taken in, before the consumer commits its offsets: it
        may append what the service itself says to it, and must be harmless when repeated. `asks`
        are what the service tells at a scrape beside what every store does, by role.
        """
        receive = inbox.receive if then is None else partial(_receive, inbox, then)
        return App(
            server=server,
            migrate=partial(self._migrate, model),
            reach=self._reach,
            loops=self._loops(receive, inbox, model),
            receive=receive,
            rebuild=partial(self._rebuild, model),
            compare=partial(self._compare, model),
            close=self._close,
            asks={
                "relay": partial(of_outbox, self.engine, self.clock.now),
                "consume": partial(of_parked, self.engine),
                **asks,
            },
            faults=(KafkaError,),
        )

    def _migrate(self, model: Model) -> None:
        url = self._settings.database_url_for(self.name)
        owner_url = self._settings.database_owner_url_for(self.name)
        migrate(url, owner_url, [STORE, model.migrations])

    def _rebuild(self, model: Model) -> None:
        replayed = read_models.rebuild(
            self.engine, model.codec, model.projections, model.subscriptions
        )
        telemetry.log().info("rebuilt", service=self.name, count=replayed)

    def _compare(self, model: Model) -> bool:
        """Says as JSON how the read models stand to their rebuild; whether none differs."""
        url = self._settings.database_url_for(self.name)
        compared = rebuilt.compare(url, model.codec, model.projections, model.subscriptions)
        sys.stdout.write(json.dumps([asdict(one) for one in compared]) + "\n")
        return not any(one.differ for one in compared)

    def _loops(self, receive: Receive, inbox: Inbox, model: Model) -> dict[str, Loop]:
        bootstrap = self._settings.kafka_bootstrap
        relay = Relay(
            self.engine,
            Producer(bootstrap, topic_of(self.name)),
            source=self.name,
            wake=self._said,
            retained=timedelta(days=RETENTION_DAYS),
            pause=model.relay_pause,
        )
        topics = sorted({topic_of(one.source) for one in model.subscriptions})
        consumer = Consumer(
            bootstrap,
            f"amends.{self.name}",
            topics,
            receive,
            instance=self._settings.instance,
            gathering=model.gathering,
        )
        return {
            "relay": _once_declared(bootstrap, relay.run),
            "consume": _once_declared(bootstrap, partial(_consume, self.engine, inbox, consumer)),
        }

    def _fetch(
        self, source: str, tenant: Tenant, subject: str, after_version: int
    ) -> list[Envelope]:
        log = EventLogServiceStub(self.channels.to(source))
        said = read_events(log, subject, after_version, metadata=as_tenant(tenant))
        return [Envelope.from_message(one) for one in said]

    def _reach(self) -> None:
        with self._reader.connect() as conn:
            conn.execute(text("SELECT 1"))

    def _close(self) -> None:
        self.channels.close()
        self.engine.dispose()


def _receive(inbox: Inbox, then: Then, envelopes: Iterable[Envelope]) -> int:
    came = list(envelopes)
    taken = inbox.receive(came)
    then(came)
    return taken


def _consume(engine: Engine, inbox: Inbox, consumer: Consumer, stop: threading.Event) -> None:
    """Consumes; beside it tries what is parked, and ends what is kept no longer."""
    beside = {"parked": partial(try_parked, inbox), "retention": partial(keep_emptying, engine)}
    for name, loop in beside.items():
        threading.Thread(target=loop, args=(stop,), name=name, daemon=True).start()
    consumer.run(stop)


def try_parked(inbox: Inbox, stop: threading.Event) -> None:
    """Tries what is parked, now and again: it may have been mended where it was said."""
    while not stop.is_set():
        pause = _LOOK_AGAIN
        try:
            inbox.retry_parked()
        except Exception as error:  # noqa: BLE001 - a process loop: nobody else would hear of it
            pause = _TRY_AGAIN
            telemetry.log().warning("parked_wait", trace=telemetry.trace_of(error), retry_in=pause)
        stop.wait(pause)


def _once_declared(bootstrap: str, loop: Loop) -> Loop:
    """The loop behind its topics, which whoever comes first makes."""

    def run(stop: threading.Event) -> None:
        declare(bootstrap)
        loop(stop)

    return run


def _file(path: Path | None, name: str) -> Path:
    if path is None:
        raise SettingMissing(name)
    return path
