"""A watcher goes away and comes back, the service too: what happened is told once, and in order."""

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import TypeVar

import grpc
import pytest
from google.protobuf.message import Message

from amends.client import LOGS, new_request_id, whole_case
from amends.rpc.channel import Channels
from amends.rpc.eventlog import read_events
from amends.rpc.identity import TENANT
from amends.rpc.signing import SigningKey
from amends.v1 import event_pb2
from amends.v1 import intake_service_pb2 as pb
from amends.v1.alarm_service_pb2_grpc import AlarmServiceStub
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.values.identity import Role
from deploy.demo.cast import Cast, patiently, wait_for
from deploy.local.stack import Stack
from tests.guarantees.beyond import beyond_everybody

pytestmark = pytest.mark.timeout(300)  # three restarts take a busy machine their time

M = TypeVar("M")

RECONNECTS = 100
PATIENCE = 60.0
SOURCES = LOGS


class Case:
    """A case of which every service has something to say."""

    def __init__(self, cast: Cast) -> None:
        settings = cast.settings
        assert settings.signing_key_file is not None
        self.cast = cast
        self.key = SigningKey.read(settings.signing_key_file)
        self.tenant = settings.tenant
        self.id = cast.platform.intake.OpenEscalation(beyond_everybody()).escalation_id
        self._channels = Channels(settings.addresses, self._service)
        self._alarms = {name: AlarmServiceStub(self._channels.to(name)) for name in SOURCES}
        self._watching = Channels(settings.addresses, lambda: self.token)
        self._intake = IntakeServiceStub(self._watching.to("intake"))
        self.token = ""

    def close(self) -> None:
        self._channels.close()
        self._watching.close()

    def write(self, go_on: threading.Semaphore, over: threading.Event, source: str) -> None:
        """Something is said by one of the services, again and again."""
        number = 0
        while go_on.acquire() and not over.is_set():
            number += 1
            if source == "customer":
                self.contact(number)
            else:
                self._alarm(source, number)

    def contact(self, number: int) -> None:
        said = pb.RecordContactRequest(
            request_id=new_request_id(),
            escalation_id=self.id,
            channel="CHANNEL_CHAT",
            words=f"And another thing, number {number}",
        )
        persistently(self.cast.platform.intake.RecordContact, said)

    def _alarm(self, source: str, number: int) -> None:
        kind = f"TRIAL_{source.upper()}"
        request: Message = event_pb2.ClearAlarmRequest(
            request_id=new_request_id(), escalation_id=self.id, kind=kind
        )
        if number % 2:
            request = event_pb2.RaiseAlarmRequest(
                request_id=new_request_id(),
                escalation_id=self.id,
                kind=kind,
                clears_when="the trial is over",
            )
        rpc = "RaiseAlarm" if number % 2 else "ClearAlarm"
        call = getattr(self._alarms[source], rpc)
        persistently(partial(call, metadata=((TENANT, self.tenant),)), request)

    def watch(
        self, reached: str, most: int, life: timedelta | None = None
    ) -> Iterator[pb.WatchEscalationResponse]:
        """What is told after a token, until the line is cut, the token ends or the server does."""
        lifetime = (life,) if life else ()
        self.token = self.key.mint("voice-desk", self.tenant, [Role.PLATFORM], *lifetime)
        asked = pb.WatchEscalationRequest(escalation_id=self.id, watch_token=reached)
        stream = self._intake.WatchEscalation(asked, timeout=5, wait_for_ready=True)
        with suppress(grpc.RpcError):
            yield from islice(stream, most)
        stream.cancel()

    def logged(self) -> dict[str, list[int]]:
        """Every event of the case in the logs of their owners."""
        logs, tenant = self.cast.workflow.logs, self.cast.as_tenant()
        return {
            name: [one.version for one in read_events(logs[name], self.id, metadata=tenant)]
            for name in SOURCES
        }

    def _service(self) -> str:
        return self.key.mint("workflow", self.tenant, [Role.SERVICE])


def persistently(call: Callable[[M], object], request: M) -> None:
    """Repeats what lost a race with another writer; waits while the server is away."""
    while True:
        try:
            patiently(call, request, within=PATIENCE)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.ABORTED:
                raise
        else:
            return


def test_a_case_is_told_once_and_in_order_over_a_hundred_reconnects(
    stack: Stack, cast: Cast
) -> None:
    case = Case(cast)
    go_on, over = threading.Semaphore(0), threading.Event()
    lots = Random(4)  # noqa: S311 - the same in each run
    writers = [
        threading.Thread(target=case.write, args=(go_on, over, source))
        for source in ("customer", *SOURCES)
    ]
    for writer in writers:
        writer.start()
    told: dict[str, list[int]] = defaultdict(list)
    reached = ""
    outages = {25: partial(stack.kill, "intake"), 50: partial(stack.restart, "intake")}
    outages[75] = outages[25]
    for turn in range(RECONNECTS):
        go_on.release(4)
        outage = threading.Thread(target=outages.get(turn, lambda: None))
        life = timedelta(seconds=1) if turn % 40 == 10 else None
        for number, news in enumerate(case.watch(reached, lots.randrange(5), life)):
            told[news.event.source].append(news.event.version)
            reached = news.watch_token
            if number == 0 and turn in outages:
                outage.start()
        if outage.ident is None:
            outage.start()
        outage.join(PATIENCE)
    over.set()
    go_on.release(len(writers))
    for writer in writers:
        writer.join(PATIENCE)
    stack.wait_healthy("intake")
    limit = time.monotonic() + PATIENCE
    while is_behind(told, case.logged()) and time.monotonic() < limit:
        for news in case.watch(reached, 50, timedelta(seconds=1)):
            told[news.event.source].append(news.event.version)
            reached = news.watch_token
    logged = case.logged()
    assert dict(told) == logged
    assert all(versions == [*range(1, len(versions) + 1)] for versions in logged.values())
    assert sum(map(len, logged.values())) > RECONNECTS
    shown = wait_for(partial(timeline, case), "the case file knows all of it")
    assert {name: sorted(told[name]) for name in SOURCES} == shown
    case.close()


def is_behind(told: dict[str, list[int]], logged: dict[str, list[int]]) -> bool:
    """Whether fewer events were told than there are."""
    return any(len(told[source]) < len(versions) for source, versions in logged.items())


def timeline(case: Case) -> dict[str, list[int]] | None:
    """The timeline's events by service, once it has as many as the logs."""
    shown: dict[str, list[int]] = defaultdict(list)
    for entry in whole_case(case.cast.operator.intake, case.id).timeline:
        shown[entry.source].append(entry.version)
    found = {name: sorted(versions) for name, versions in shown.items()}
    return found if found == case.logged() else None


def test_a_watch_ends_with_a_position_when_the_service_is_told_to_stop(
    stack: Stack, cast: Cast
) -> None:
    case = Case(cast)
    stream = cast.platform.intake.WatchEscalation(
        pb.WatchEscalationRequest(escalation_id=case.id), timeout=PATIENCE
    )
    first = next(stream)
    stack.kill("intake", signal.SIGTERM)
    rest = list(stream)
    assert stream.code() is grpc.StatusCode.OK
    stack.wait_healthy("intake")
    resumed = cast.platform.intake.WatchEscalation(
        pb.WatchEscalationRequest(
            escalation_id=case.id, watch_token=[first, *rest][-1].watch_token
        ),
        timeout=PATIENCE,
        wait_for_ready=True,
    )
    case.contact(1)
    said = next(one for one in resumed if one.event.source == "intake")
    assert said.event.version > first.event.version
    resumed.cancel()
    case.close()
