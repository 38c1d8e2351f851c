"""Arrivals: calls that come when they come, whether or not the ones before them were answered.

A process of its own, so that what it costs is not the server's: `python -m tests.chaos.arrivals
ADDRESS`, with an `Asked` as JSON on standard input and the answers, one a line, on standard output.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import grpc
import grpc.aio
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from amends.rpc.status import PUSHBACK
from amends.v1 import intake_service_pb2 as pb

_OPEN = "/amends.v1.IntakeService/OpenEscalation"
_CONNECTIONS = 4
_OPTIONS = (
    ("grpc.enable_retries", 0),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Openings for some seconds: `rates` a second by tenant, or one tenant's `in_flight` at a time.

    Each is a case of its own; `deadline` in seconds.
    """

    seconds: float
    tokens: Mapping[str, str]
    seed: int
    rates: Mapping[str, float] = field(default_factory=dict)
    in_flight: int = 0
    deadline: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One call: who asked, how it ended, after how many ms, and what a refusal said."""

    tenant: str
    code: str
    ms: float
    came: float
    """Seconds since the first one could have come."""
    escalation: str = ""
    retry_info: bool = False
    pushback: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was accepted."""
        return self.code == "OK"

    @classmethod
    def of(cls, line: str) -> Self:
        """Back from its line."""
        return cls(**json.loads(line))


def arrive(address: str, asked: Asked) -> list[Answer]:
    """Every answer, once all of them are there."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.arrivals", address],
        input=json.dumps(asdict(asked)),
        capture_output=True,
        text=True,
        check=True,
        timeout=asked.seconds + asked.deadline + 30,
    )
    return [Answer.of(line) for line in done.stdout.splitlines()]


class Arrivals:
    """The calls of one run."""

    def __init__(self, address: str, asked: Asked) -> None:
        self._asked = asked
        channels = [grpc.aio.insecure_channel(address, _OPTIONS) for _ in range(_CONNECTIONS)]
        self._calls: list[Any] = [channel.unary_unary(_OPEN) for channel in channels]
        self._answers: list[Answer] = []
        self._began = time.perf_counter()

    async def all(self) -> list[Answer]:
        """Asks, and waits for every answer."""
        asked = self._asked
        if asked.in_flight:
            [tenant] = asked.tokens
            await asyncio.gather(
                *(self._one_by_one(tenant, place) for place in range(asked.in_flight))
            )
        else:
            await asyncio.gather(*(self._as_they_come(*flow) for flow in asked.rates.items()))
        return self._answers

    async def _one_by_one(self, tenant: str, place: int) -> None:
        bodies = _openings(f"{self._asked.seed}/{tenant}/{place}")
        while time.perf_counter() - self._began < self._asked.seconds:
            await self._ask(tenant, place, next(bodies))

    async def _as_they_come(self, tenant: str, rate: float) -> None:
        """Exponential pauses: arrivals that know nothing of each other."""
        pauses = random.Random(f"{self._asked.seed}/{tenant}")  # noqa: S311 - a schedule
        bodies = _openings(f"{self._asked.seed}/{tenant}")
        under_way, number, due = set(), 0, pauses.expovariate(rate)
        while due < self._asked.seconds:
            await asyncio.sleep(due - (time.perf_counter() - self._began))
            call = asyncio.ensure_future(self._ask(tenant, number, next(bodies)))
            under_way.add(call)
            call.add_done_callback(under_way.discard)
            number, due = number + 1, due + pauses.expovariate(rate)
        await asyncio.gather(*under_way)

    async def _ask(self, tenant: str, number: int, body: bytes) -> None:
        began = time.perf_counter()
        call = self._calls[number % len(self._calls)]
        metadata = (("authorization", f"Bearer {self._asked.tokens[tenant]}"),)
        told: dict[str, Any] = {}
        try:
            answer = await call(body, metadata=metadata, timeout=self._asked.deadline)
            told["escalation"] = pb.OpenEscalationResponse.FromString(answer).escalation_id
            code = "OK"
        except grpc.aio.AioRpcError as error:
            code = error.code().name
            told["retry_info"] = _has_retry_info(error)
            told["pushback"] = any(key == PUSHBACK for key, _ in error.trailing_metadata() or ())
        ms = 1000 * (time.perf_counter() - began)
        self._answers.append(Answer(tenant, code, round(ms, 2), began - self._began, **told))


def _openings(seed: str) -> Iterator[bytes]:
    """Requests that break no rule, each of another customer."""
    numbers = random.Random(seed)  # noqa: S311 - made up names
    while True:
        name = numbers.getrandbits(64)
        yield pb.OpenEscalationRequest(
            request_id=str(uuid.UUID(int=numbers.getrandbits(128), version=4)),
            channel="CHANNEL_WEB",
            cause="CAUSE_DAMAGED",
            customer=f"C-{name}",
            order=f"O-{name}",
            words="They came with a hole in the sole.",
        ).SerializeToString()


def _has_retry_info(error: Any) -> bool:  # noqa: ANN401 - an error of a call
    status = rpc_status.from_call(_Trailers(error))  # type: ignore[arg-type]
    if status is None:
        return False
    return any(detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for detail in status.details)


class _Trailers:
    """An asyncio error as grpc_status reads a call."""

    def __init__(self, error: Any) -> None:  # noqa: ANN401 - an error of a call
        self.code = error.code
        self.details = error.details
        self.trailing_metadata = error.trailing_metadata


async def _main(address: str) -> None:
    arrivals = Arrivals(address, Asked(**json.loads(sys.stdin.read())))
    for answer in await arrivals.all():
        sys.stdout.write(json.dumps(asdict(answer)) + "\n")


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
