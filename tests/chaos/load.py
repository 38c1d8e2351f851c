"""Load: lives of two tenants at once, on and on, over the public gRPC APIs, while things break.

Every call is repeated with the same request_id for as long as the world is broken, as a careful
platform does; what was acknowledged stands in the journal, on disk, before the next call.
"""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import grpc
from google.type import money_pb2
from grpc import StatusCode

from amends.settings import Settings
from amends.v1 import resolution_service_pb2, types_pb2
from bench.hearing import News
from bench.life import STEPS, Life, Lives
from deploy.local.stack import Stack
from tests.chaos.journal import Journal

REFUND = money_pb2.Money(currency_code="GBP", units=10)
COUPON = money_pb2.Money(currency_code="GBP", units=5)
TENANTS = ("sole-mates", "second-hand")
AWAY = frozenset(
    {
        StatusCode.UNAVAILABLE,
        StatusCode.DEADLINE_EXCEEDED,
        StatusCode.ABORTED,
        StatusCode.RESOURCE_EXHAUSTED,
        StatusCode.CANCELLED,
    }
)
"""The world is broken or busy: the same call is made again."""
FOLLOWED_UP, ORDERED = "FollowUpScheduled", "ReplacementOrdered"
"""With what a life ends: follow-up has taken the case over, or the goods are on their way."""
_PATIENCE = 180.0  # seconds for one call or one event, however often the world breaks meanwhile
_PAUSE = 0.1

GrpcError = Any
"""A grpc.RpcError with its status; gRPC's stubs know no way to it."""
Ask = Any


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of one life: when its (last) call began, and when it was done (monotonic)."""

    step: str
    began: float
    done: float


@dataclass(slots=True)
class Done:
    """What became of the lives."""

    ended: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Why a life could not go on, by its case; each is something lost or a bug."""
    unfinished: list[str] = field(default_factory=list)
    """Cases whose lives had not ended when the patience was over."""
    repeats: Counter[str] = field(default_factory=Counter)
    """How often a call had to be made again, by why."""


class Load:
    """`in_flight` lives at once, half of them each tenant's."""

    def __init__(self, stack: Stack, seed: int, in_flight: int, journal: Path) -> None:
        self._stopping = threading.Event()
        self._random = random.Random(seed)  # noqa: S311 - a schedule, no secret
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._taken: list[list[Taken]] = []
        self._under_way: dict[int, str] = {}
        self.journal = Journal(journal)
        self.done = Done()
        settings = Settings.of(stack.env())
        self._lives = [self._make(settings, tenant) for tenant in TENANTS]
        self._threads = [
            threading.Thread(
                target=self._live_on,
                args=(self._lives[place % len(TENANTS)], place),
                name=f"life-{place}",
                daemon=True,
            )
            for place in range(in_flight)
        ]
        self._numbers = {lives.tenant: itertools.count() for lives in self._lives}

    def start(self) -> None:
        """Begins; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, within: float = 120.0) -> Done:
        """Begins no new life, lets those under way end; what became of all of them."""
        self._stopping.set()
        ends = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        with self._lock:
            self.done.unfinished = sorted(self._under_way.values())
        for lives in self._lives:
            lives.close()
        self.journal.close()
        return self.done

    def through(self, first: str, last: str, since: float, within: float) -> float | None:
        """Seconds from `since` until a life took step `last` that began step `first` after it.

        None where none did within so many seconds.
        """
        limit = since + within
        with self._changed:
            while True:
                found = map(partial(_through, first, last, since), self._taken)
                done = [at for at in found if at is not None]
                if done:
                    return min(done) - since
                left = limit - time.monotonic()
                if left <= 0 or self._stopping.is_set():
                    return None
                self._changed.wait(left)

    def _make(self, settings: Settings, tenant: str) -> Lives:
        return Lives(
            settings,
            tenant,
            orders=5_000,
            patience=_PATIENCE,
            remedies=_remedies,
            repeat=self._again_and_again,
            answered=self.journal.of(tenant),
        )

    def _again_and_again(self, call: Callable[[Ask], Any], request: Ask) -> Any:  # noqa: ANN401
        limit = time.monotonic() + _PATIENCE
        while True:
            _attempt.began = time.monotonic()
            try:
                return call(request)
            except grpc.RpcError as error:
                found: GrpcError = error
                if found.code() not in AWAY or time.monotonic() > limit:
                    raise
                with self._lock:
                    self.done.repeats[found.code().name] += 1
            self._pause.wait(_PAUSE)

    _pause = threading.Event()  # never set: a wait that is no sleep of a test

    def _live_on(self, lives: Lives, place: int) -> None:
        while not self._stopping.is_set():
            with self._lock:
                number = next(self._numbers[lives.tenant])
            life = lives.begin(number)
            try:
                self._live(lives, life, place, number)
            except (grpc.RpcError, TimeoutError) as error:
                self._failed(life, error)
            else:
                self.done.ended += 1
            with self._lock:
                self._under_way.pop(place, None)

    def _live(self, lives: Lives, life: Life, place: int, number: int) -> None:
        """Goods take days: such a life ends when they are ordered, and its case stays open."""
        goods = _is_about_goods(number)
        steps = STEPS[: STEPS.index("agreed") + 1] if goods else STEPS
        last = ORDERED if goods else FOLLOWED_UP
        taken: list[Taken] = []
        with self._lock:
            self._taken.append(taken)
        for step in steps:
            _attempt.began = time.monotonic()
            life.take(step)
            self._took(step, taken)
            self._under_way[place] = life.escalation
        _attempt.began = time.monotonic()
        news = News(lives.platform, life.escalation, lives.answered)
        news.wait(last, _PATIENCE)
        news.end()
        self._took(last, taken)

    def _took(self, step: str, steps: list[Taken]) -> None:
        with self._changed:
            steps.append(Taken(step, _attempt.began, time.monotonic()))
            self._changed.notify_all()

    def _failed(self, life: Life, error: Exception) -> None:
        found: GrpcError = error
        why = f"{found.code().name}: {found.details()}" if isinstance(error, grpc.RpcError) else ""
        with self._lock:
            self.done.failed[life.escalation or "not opened"] = why or str(error)


def _is_about_goods(number: int) -> bool:
    return number % 5 == 4


def _remedies(number: int) -> list[resolution_service_pb2.OfferedRemedy]:
    """Money, every other time a coupon with it; or goods."""
    offered = resolution_service_pb2.OfferedRemedy
    if _is_about_goods(number):
        kind = types_pb2.REMEDY_KIND_REPLACEMENT
        return [offered(kind=kind, shipping_service="standard")]
    # Less than half of what was paid, so that the shop's own limit would not hide a second payment.
    money = offered(kind=types_pb2.REMEDY_KIND_REFUND, amount=REFUND)
    coupon = offered(kind=types_pb2.REMEDY_KIND_COUPON, amount=COUPON)
    return [money, coupon] if number % 2 else [money]


class _Attempt(threading.local):
    began = 0.0


_attempt = _Attempt()


def _through(first: str, last: str, since: float, steps: list[Taken]) -> float | None:
    """When a life took `last`, where it began `first` after `since`."""
    by_name: Mapping[str, Taken] = {one.step: one for one in steps}
    if first in by_name and last in by_name and by_name[first].began > since:
        return by_name[last].done
    return None
