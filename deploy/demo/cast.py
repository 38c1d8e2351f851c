"""The people of the stories, each with their own credentials, and the stack's clock."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import grpc

from amends.cli import clock, directory
from amends.client import Caller, MintedToken, new_request_id
from amends.rpc.channel import Metadata, as_tenant
from amends.rpc.status import refusal_of
from amends.settings import Settings
from amends.v1 import routing_service_pb2
from amends.values.identity import Role
from amends.values.refusal import DependencyUnavailable

T = TypeVar("T")
M = TypeVar("M")
A = TypeVar("A")

PEOPLE = Path(__file__).parent.parent / "local" / "sole-mates.json"
LONDON = ZoneInfo("Europe/London")
MONDAY, TUESDAY, SATURDAY = 0, 1, 5
_POLL = 0.03  # seconds between two looks at a condition


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who plays, and the environment of the stack that they play on."""

    settings: Settings
    environment: Mapping[str, str]
    platform: Caller
    tom: Caller
    maya: Caller
    ravi: Caller
    helen: Caller
    operator: Caller
    merchant: Caller
    workflow: Caller

    def close(self) -> None:
        """Ends every connection."""
        for person in (self.platform, self.tom, self.maya, self.ravi, self.helen):
            person.close()
        for program in (self.operator, self.merchant, self.workflow):
            program.close()

    def now(self) -> datetime:
        """Business time, aware UTC."""
        return clock.now(self.settings)

    def move_to(self, moment: datetime) -> None:
        """Moves business time forward to a moment, for everybody."""
        clock.move(self.settings, moment - self.now())

    def as_tenant(self) -> Metadata:
        """What the workflow's calls carry: the tenant that it acts for."""
        return as_tenant(self.settings.tenant)

    def enter_directory(self) -> None:
        """Enters the shop's people and their grants; Ravi is away until Monday morning."""
        for person in json.loads(PEOPLE.read_text()):
            directory.enter(self.operator, person)
        self.is_away("dm_ravi", until=self.now() + timedelta(days=2))

    def directory(self) -> routing_service_pb2.ListDecisionMakersResponse:
        """Everybody who may decide."""
        request = routing_service_pb2.ListDecisionMakersRequest()
        return self.operator.routing.ListDecisionMakers(request)

    def is_away(self, decision_maker: str, *, until: datetime | None = None) -> None:
        """Somebody is away from now on."""
        request = routing_service_pb2.SetAvailabilityRequest(
            request_id=new_request_id(), decision_maker_id=decision_maker, available=False
        )
        if until is not None:
            request.away_until.FromDatetime(until)
        self.operator.routing.SetAvailability(request)

    def is_back(self, decision_maker: str) -> None:
        """Somebody is available again."""
        self.operator.routing.SetAvailability(
            routing_service_pb2.SetAvailabilityRequest(
                request_id=new_request_id(), decision_maker_id=decision_maker, available=True
            )
        )

    def stock_shop(self, at: datetime, **orders: str) -> None:
        """Puts the shop as it is at a moment; `orders` by the seed's names (shoes, ...)."""
        named = [word for story, order in orders.items() for word in (f"--{story}", order)]
        subprocess.run(
            [sys.executable, "-m", "services.commerce", "seed", "--at", at.isoformat(), *named],
            env=dict(self.environment),
            check=True,
            capture_output=True,
        )


def patiently(call: Callable[[M], A], request: M, *, within: float = 45.0) -> A:
    """The answer, however often the server is away meanwhile: the same request_id, so once.

    Raises:
        grpc.RpcError: the server refused, or stayed away for so many seconds.
    """
    limit = time.monotonic() + within
    while True:
        try:
            return call(request)
        except grpc.RpcError as error:
            away = isinstance(refusal_of(error), DependencyUnavailable)
            if not away or time.monotonic() > limit:
                raise
        time.sleep(_POLL)


def token_for(settings: Settings, subject: str, role: Role) -> MintedToken:
    """The tokens of somebody in the stack's tenant, signed with the stack's own key."""
    assert settings.signing_key_file is not None  # noqa: S101 - a local stack has one
    return MintedToken(settings.signing_key_file, subject, settings.tenant, role)


def gather(environment: Mapping[str, str]) -> Cast:
    """The cast of the stack whose `stack.env` is given."""
    settings = Settings.of(environment)

    def person(subject: str, role: Role) -> Caller:
        return Caller(settings.addresses, token_for(settings, subject, role))

    return Cast(
        settings=settings,
        environment=environment,
        platform=person("voice-desk", Role.PLATFORM),
        tom=person("tom", Role.DECISION_MAKER),
        maya=person("maya", Role.DECISION_MAKER),
        ravi=person("ravi", Role.DECISION_MAKER),
        helen=person("helen", Role.DECISION_MAKER),
        operator=person("operator", Role.OPERATIONS),
        merchant=person("payments-desk", Role.MERCHANT),
        workflow=person("workflow", Role.SERVICE),
    )


def next_weekday(after: datetime, weekday: int, at: wall_time) -> datetime:
    """The first such day in London that has `at` still before it, as aware UTC; Monday is 0."""
    local = after.astimezone(LONDON)
    day = local.date() + timedelta(days=(weekday - local.weekday()) % 7)
    moment = datetime.combine(day, at, LONDON)
    if moment <= local:
        moment = datetime.combine(day + timedelta(days=7), at, LONDON)
    return moment.astimezone(UTC)


def wait_for(look: Callable[[], T | None], what: str, *, within: float = 45.0) -> T:
    """What `look` finds, as soon as it finds it.

    Raises:
        TimeoutError: it did not happen within so many seconds.
    """
    limit = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > limit:
            msg = f"did not happen within {within:.0f} s: {what}"
            raise TimeoutError(msg)
        time.sleep(_POLL)
