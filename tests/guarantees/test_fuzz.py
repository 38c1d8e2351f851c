"""Nobody can send anything that is not answered as the contract says.

Requests of every RPC, from the contract and partly wrong, and bytes that are none, sent to the
running servers as any role for so many seconds: `make test` for a minute, `make fuzz` for ten.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pool, text_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from amends.values.identity import Role
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import CUSTOMER
from deploy.local.stack import Stack
from deploy.local.state import all_healthy
from tests.guarantees.desk import CHIEF, SAID
from tests.guarantees.outcomes import ask
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.shop import BESS, CREW, OTTO, RHEA, Shop, founded
from tests.guarantees.strategies import Names, mutated, requests

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", "1")) or secrets.randbelow(1 << 32)
AT_ONCE = 50  # examples between two looks at the clock
LONGEST = 3_000  # characters of a request that is shown
LISTENS = 0.05  # seconds; a stream that is refused says so at once
OURS = ("intake", "routing", "resolution", "followup", "commerce", "workflows")
BROKEN = {"incident", "died", "parked"}
"""What a process writes when something happened that nobody had thought of."""


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One call: these bytes to this RPC, in this role."""

    rpc: Reflected
    role: Role
    subject: str
    data: bytes

    def __repr__(self) -> str:
        kind = message_of(self.rpc)
        try:
            said = text_format.MessageToString(kind.FromString(self.data), as_utf8=True)
        except Exception:  # noqa: BLE001 - bytes that are no message are shown as they are
            said = repr(self.data)
        return f"{self.rpc} as {self.role.value} {self.subject}: {said[:LONGEST]}"


@pytest.fixture(scope="module")
def shop(cast: Cast) -> Iterator[Shop]:
    with founded(cast, "fuzzed") as shop:
        yield shop


@pytest.fixture(scope="module")
def cases(shop: Shop) -> list[str]:
    """One that waits, one that is owned, one with an offer, one that is handed over."""
    shop.enter_directory()
    waits, owned, offered, handed = (shop.open(order=shop.order) for _ in range(4))
    shop.assigned(waits)
    for escalation in (owned, offered, handed):
        shop.accepted(shop.assigned(escalation))
    shop.restated(offered)
    shop.offered(offered)
    shop.told(owned)
    shop.handed_over(handed)
    return [waits, owned, offered, handed]


@pytest.fixture(scope="module")
def channels(cast: Cast) -> Iterator[Mapping[str, grpc.Channel]]:
    addresses = cast.settings.addresses.items()
    plain = (("grpc.enable_http_proxy", 0), ("grpc.enable_retries", 0))
    made = {name: grpc.insecure_channel(address, plain) for name, address in addresses}
    yield made
    for channel in made.values():
        channel.close()


@pytest.mark.timeout(SECONDS + 300)
def test_whatever_is_sent_is_answered_as_the_contract_says(
    shop: Shop, cases: list[str], stack: Stack, channels: Mapping[str, grpc.Channel]
) -> None:
    rpcs = rpcs_of(shop.cast.settings.addresses)
    running = {name: stack.pid(name) for name in OURS}
    written = {name: stack.home.log(name).stat().st_size for name in OURS}
    ends = time.monotonic() + SECONDS
    counts: dict[str, int] = {}
    for chunk in range(1 << 32):
        if time.monotonic() > ends:
            break
        fuzz(attempts(rpcs, names(shop, cases)), SEED + chunk, shop, channels, counts)
    print(f"FUZZ_SEED={SEED}: {sum(counts.values())} calls {counts}")  # noqa: T201 - to repeat it
    assert {name: stack.pid(name) for name in OURS} == running, "a process was started anew"
    assert all_healthy(stack.states())
    assert list(broken(stack, written)) == []


def fuzz(
    tried: st.SearchStrategy[Attempt],
    chosen: int,
    shop: Shop,
    channels: Mapping[str, grpc.Channel],
    counts: dict[str, int],
) -> None:
    """So many calls; the first that is not answered as it must be is made small and told."""

    @seed(chosen)
    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(tried)
    def answered(attempt: Attempt) -> None:
        note(f"make fuzz FUZZ_SEED={chosen}")
        outcome = ask(
            channels[attempt.rpc.server],
            attempt.rpc,
            attempt.data,
            shop.metadata(attempt.role, attempt.subject),
            listens=LISTENS,
        )
        counts[outcome.reason or "answered"] = counts.get(outcome.reason or "answered", 0) + 1
        assert outcome.is_of_the_contract, outcome
        assert SAID not in outcome.told, outcome

    answered()


def attempts(rpcs: Sequence[Reflected], named: Names) -> st.SearchStrategy[Attempt]:
    """Any RPC, most often as somebody who may call it, with a request or with damaged bytes."""
    return st.one_of([attempt(rpc, named) for rpc in rpcs])


@st.composite
def attempt(draw: st.DrawFn, rpc: Reflected, named: Names) -> Attempt:
    anybody = draw(st.integers(0, 19)) == 0
    roles = sorted(Role if anybody else rpc.roles, key=lambda role: role.value)
    role = draw(st.sampled_from(roles))
    kind: Any = message_of(rpc).DESCRIPTOR
    data = draw(requests(kind, named)).SerializeToString(deterministic=True)
    if draw(st.integers(0, 9)) == 0:
        data = draw(mutated(data))
    people = (RHEA, RHEA, OTTO, BESS) if role is Role.DECISION_MAKER else ("",)
    return Attempt(rpc, role, draw(st.sampled_from(people)), data)


def message_of(rpc: Reflected) -> type[Message]:
    """The request's class of this program; the server reflects another."""
    descriptor = descriptor_pool.Default().FindMessageTypeByName(rpc.request.full_name)
    return GetMessageClass(descriptor)


def names(shop: Shop, cases: Sequence[str]) -> Names:
    """What there is by now: whatever has come of the calls so far is named in the next ones."""
    spare = [shop.spare, "dm_fuzzed"]
    known: dict[str, list[str]] = {
        "esc_": list(cases),
        "dm_": [shop.spare, CREW, CHIEF, "dm_fuzzed"],
        "customer": [CUSTOMER, f"{SAID} 1"],
        "order": [shop.order],
        "shipment": [f"SHP-{shop.order}"],
        "sku": ["FB-PREDATOR-42"],
        "shipping_service": ["same-day-courier", "next-day", "standard"],
        "service": ["same-day-courier", "next-day", "standard"],
        "key": ["fuzzed-1", "fuzzed-2"],
        "page_token": [""],
        "watch_token": [""],
        "timeline_page_token": [""],
        "zone": ["Europe/London"],
        **shop.ids(cases),
    }
    only: dict[str, list[Any]] = {
        "OpenEscalationRequest.customer": [f"{SAID} {n}" for n in range(3)],
        "OpenEscalationRequest.order": ["", shop.order],
        "OpenEscalationRequest.cause": [0, 3, 4, 999],
        "RaiseAlarmRequest.kind": ["FUZZED", "NO_DECISION_MAKER"],
        "DecisionMaker.decision_maker_id": spare,
        "SetAvailabilityRequest.decision_maker_id": spare,
        "RevokeAuthorityRequest.decision_maker_id": spare,
    }
    return Names(known, only)


def broken(stack: Stack, written: Mapping[str, int]) -> Iterator[str]:
    """What the processes wrote meanwhile about something that nobody had thought of."""
    for name, size in written.items():
        fresh = stack.home.log(name).read_bytes()[size:].decode(errors="replace")
        if SAID in fresh:
            yield f"{name} wrote what somebody said"
        for line in fresh.splitlines():
            if line.startswith("{") and json.loads(line).get("event") in BROKEN:
                yield f"{name}: {line}"
