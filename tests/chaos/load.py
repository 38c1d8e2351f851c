"""Load: lives of two tenants at once, on and on, over the public gRPC APIs, while things break.

Every call is repeated with the same request_id for as long as the world is broken, as a careful
platform does; what was acknowledged stands in the journal, on disk, before the next call.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
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
from tests.chaos.steps import Steps

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
_NEVER = threading.Event()  # what is waited for between two calls

GrpcError = Any
"""A grpc.RpcError with its status; gRPC's stubs know no way to it."""
Ask = Any


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
    """`in_flight` lives at once, half of them each tenant's; `seed` decides what each is about."""

    def __init__(self, stack: Stack, seed: int, in_flight: int, journal: Path) -> None:
        self._seed = seed
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._steps = Steps()
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
        return self._steps.through(first, last, since, within)

    def _make(self, settings: Settings, tenant: str) -> Lives:
        return Lives(
            settings,
            tenant,
            orders=5_000,
            patience=_PATIENCE,
            remedies=partial(_remedies, seed=self._seed),
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
            _NEVER.wait(_PAUSE)

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
                self._ended()
            with self._lock:
                self._under_way.pop(place, None)

    def _live(self, lives: Lives, life: Life, place: int, number: int) -> None:
        """Goods take days: such a life ends when they are ordered, and its case stays open."""
        goods = _is_about_goods(number, self._seed)
        steps = STEPS[: STEPS.index("agreed") + 1] if goods else STEPS
        last = ORDERED if goods else FOLLOWED_UP
        name = f"{lives.tenant} {number}"
        for step in steps:
            _attempt.began = time.monotonic()
            life.take(step)
            self._steps.took(name, step, _attempt.began)
            self._under_way[place] = life.escalation
        began = time.monotonic()
        news = News(lives.platform, life.escalation, lives.answered)
        news.wait(last, _PATIENCE)
        news.end()
        self._steps.took(name, last, began)
        self._steps.over(name)

    def _ended(self) -> None:
        with self._lock:
            self.done.ended += 1

    def _failed(self, life: Life, error: Exception) -> None:
        found: GrpcError = error
        why = f"{found.code().name}: {found.details()}" if isinstance(error, grpc.RpcError) else ""
        with self._lock:
            self.done.failed[life.escalation or "not opened"] = why or str(error)


def _is_about_goods(number: int, seed: int) -> bool:
    return (number + seed) % 5 == 4


def _remedies(number: int, seed: int) -> list[resolution_service_pb2.OfferedRemedy]:
    """Money, every other time a coupon with it; or goods."""
    offered = resolution_service_pb2.OfferedRemedy
    if _is_about_goods(number, seed):
        kind = types_pb2.REMEDY_KIND_REPLACEMENT
        return [offered(kind=kind, shipping_service="standard")]
    # Less than half of what was paid, so that the shop's own limit would not hide a second payment.
    money = offered(kind=types_pb2.REMEDY_KIND_REFUND, amount=REFUND)
    coupon = offered(kind=types_pb2.REMEDY_KIND_COUPON, amount=COUPON)
    return [money, coupon] if (number + seed) % 2 else [money]


class _Attempt(threading.local):
    began = 0.0


_attempt = _Attempt()
