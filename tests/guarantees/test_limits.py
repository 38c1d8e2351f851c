"""Limits: how large, how many at once, how long; what is beyond is refused and says what to do."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from amends.client import new_request_id
from amends.rpc.channel import Channels
from amends.rpc.deadlines import LONGEST_CALL
from amends.rpc.eventlog import read_events
from amends.rpc.identity import current
from amends.rpc.limits import Limits
from amends.rpc.places import Room
from amends.rpc.refusals import Overloaded
from amends.rpc.signing import make_key
from amends.rpc.status import RETRY_AFTER, as_sent
from amends.rpc.streams import stays_open
from amends.v1 import intake_service_pb2 as pb
from amends.v1.intake_service_pb2_grpc import IntakeServiceStub
from amends.v1.routing_service_pb2 import DecisionMaker, UpdateDecisionMakerRequest
from amends.values.identity import Role
from amends.values.refusal import EscalationNotFound
from deploy.demo.cast import Cast, wait_for
from tests.unit.rpc.serving import Intake, Served, opening, serving

WITHIN = 10.0
REFUSED_AGAIN = grpc.StatusCode.RESOURCE_EXHAUSTED
NONE = Room(0, 0, 0)
WATCH = pb.WatchEscalationRequest(escalation_id="esc_a")
GET = pb.GetEscalationRequest(escalation_id="esc_a")


class Gate:
    """A handler that says when it was reached and waits until it may go on."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.open = threading.Event()

    def answer(self, _request: object, _context: object) -> pb.OpenEscalationResponse:
        self.reached.release()
        assert self.open.wait(WITHIN)
        return pb.OpenEscalationResponse(version=1)

    def watch(
        self, _request: object, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEscalationResponse]:
        yield pb.WatchEscalationResponse()
        while stays_open(context):
            self.open.wait(0.02)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture
def narrow(tmp_path: Path, gate: Gate) -> Iterator[Served]:
    """A server that takes two calls and three watch streams at once, two of one caller."""
    intake = Intake({"OpenEscalation": gate.answer, "WatchEscalation": gate.watch})
    limits = Limits(others=Room(2, 0, 2), ours=NONE, watches=3, watches_each=2)
    with serving(tmp_path, intake, limits=limits) as running:
        yield running


def begin(served: Served, timeout: float = WITHIN) -> Any:  # noqa: ANN401 - a gRPC future
    """A call under way."""
    return served.intake.OpenEscalation.future(
        opening(), metadata=served.as_(Role.PLATFORM), timeout=timeout
    )


@contextmanager
def full(served: Served, gate: Gate) -> Iterator[list[Any]]:
    """Inside, the server has as many calls in flight as it takes."""
    calls = [begin(served), begin(served)]
    for _ in calls:
        assert gate.reached.acquire(timeout=WITHIN)
    yield calls
    gate.open.set()


def watch(served: Served, who: str = "zoe") -> Any:  # noqa: ANN401 - a gRPC stream
    """A watch stream that gave its first message."""
    stream = served.intake.WatchEscalation(WATCH, metadata=served.as_(Role.PLATFORM, subject=who))
    assert next(stream) == pb.WatchEscalationResponse()
    return stream


def refusal(call: Callable[[], object]) -> grpc.RpcError:
    """What the server refuses with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value


# How large.


def test_a_request_above_a_mebibyte_is_refused_before_any_handler(
    served: Served, intake: Intake
) -> None:
    huge = opening(words="a" * (1 << 20))
    error: Any = refusal(
        lambda: served.intake.OpenEscalation(huge, metadata=served.as_(Role.PLATFORM))
    )
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert as_sent(error).reason == "MESSAGE_TOO_LARGE"
    assert intake.calls == []


def test_the_largest_request_that_the_contract_allows_passes(served: Served) -> None:
    widest = "\U0001f45f"  # a running shoe: four bytes
    largest = opening(
        words=widest * 10_000,
        stake=widest * 1_000,
        expected_outcome=widest * 1_000,
        customer=widest * 100,
        order=widest * 100,
    )
    served.intake.OpenEscalation(largest, metadata=served.as_(Role.PLATFORM))


# How many at once.


def test_what_is_above_the_limit_is_refused_while_what_was_accepted_finishes(
    narrow: Served, gate: Gate
) -> None:
    with full(narrow, gate) as accepted:
        for _ in range(20):
            error = begin(narrow).exception(timeout=WITHIN)
            assert error.code() is REFUSED_AGAIN
            assert as_sent(error).reason == "OVERLOADED"
            assert "limit" in as_sent(error).metadata
    assert [call.result(WITHIN).version for call in accepted] == [1, 1]
    assert begin(narrow).result(WITHIN).version == 1


def test_a_refusal_for_overload_says_when_to_come_again_to_people_and_to_grpc(
    narrow: Served, gate: Gate
) -> None:
    with full(narrow, gate):
        error = begin(narrow).exception(timeout=WITHIN)
    soonest = int(RETRY_AFTER.total_seconds() * 1000)
    assert soonest <= int(dict(error.trailing_metadata())["grpc-retry-pushback-ms"]) < 2 * soonest


def test_a_client_of_ours_comes_again_when_it_was_told_to(served: Served, intake: Intake) -> None:
    came: list[float] = []

    def record(_request: object, _context: object) -> pb.RecordContextResponse:
        came.append(time.monotonic())
        if len(came) < 3:
            raise Overloaded(2, "calls")
        return pb.RecordContextResponse(version=3)

    intake.answers = {"RecordContext": record}
    token = served.key.mint("amends", "acme", [Role.SERVICE])
    channels = Channels({"intake": served.address}, lambda: token)
    request = pb.RecordContextRequest(request_id=new_request_id(), escalation_id="esc_a")
    assert IntakeServiceStub(channels.to("intake")).RecordContext(request).version == 3
    channels.close()
    waits = [later - sooner for sooner, later in pairwise(came)]
    # To a few milliseconds: the server's clock and the client's timer round.
    assert min(waits) > RETRY_AFTER.total_seconds() * 0.95


def test_health_and_reflection_answer_while_everything_else_is_full(
    narrow: Served, gate: Gate
) -> None:
    watching = [watch(narrow), watch(narrow), watch(narrow, "tom")]
    with full(narrow, gate):
        assert_healthy(narrow)
        assert "amends.v1.IntakeService" in reflected(narrow)
    for stream in watching:
        stream.cancel()


def test_reflections_that_nobody_ends_take_no_thread_from_calls(narrow: Served, gate: Gate) -> None:
    gate.open.set()
    never = threading.Event()
    stub: Any = ServerReflectionStub(narrow.channel)
    held = [stub.ServerReflectionInfo(unended(never)) for _ in range(30)]
    begun = [next(stream, None) for stream in held[:4]]
    assert all(begun)
    calls = [begin(narrow) for _ in range(2)]
    assert [call.result(WITHIN).version for call in calls] == [1, 1]
    assert_healthy(narrow)
    codes = [refusal(lambda stream=stream: next(stream)).code() for stream in held[4:]]  # type: ignore[misc]
    assert set(codes) == {REFUSED_AGAIN}
    for stream in held:
        stream.cancel()
    never.set()


@pytest.mark.parametrize("ending", ["refused", "broken", "cancelled", "too late"])
def test_however_a_call_ends_its_place_is_free_again(
    tmp_path: Path, gate: Gate, ending: str
) -> None:
    ways: dict[str, Callable[[object, object], object]] = {
        "refused": lambda _request, _context: raising(EscalationNotFound("esc_a")),
        "broken": lambda _request, _context: raising(ZeroDivisionError()),
        "cancelled": gate.answer,
        "too late": gate.answer,
    }
    intake = Intake({"OpenEscalation": ways[ending]})
    with serving(
        tmp_path, intake, limits=Limits(others=Room(2, 0, 2), ours=NONE, watches=1)
    ) as served:
        for _ in range(5):
            call = begin(served, timeout=0.2 if ending == "too late" else WITHIN)
            if ending == "cancelled":
                assert gate.reached.acquire(timeout=WITHIN)
                call.cancel()
            else:
                assert call.exception(timeout=WITHIN) is not None
            gate.open.set()
            wait_for(lambda: in_flight(served) == 0, "the place is free", within=WITHIN)
            gate.open.clear()


def in_flight(served: Served) -> int:
    """How many calls the server counts: what is refused names the limit, what passes does not."""
    metadata = served.as_(Role.PLATFORM)
    pair = [served.intake.GetEscalation.future(GET, metadata=metadata) for _ in range(2)]
    return sum(call.exception(timeout=WITHIN) is not None for call in pair)


def test_watchers_and_calls_take_no_place_from_each_other(narrow: Served, gate: Gate) -> None:
    watching = [watch(narrow), watch(narrow), watch(narrow, "tom")]
    with full(narrow, gate) as accepted:
        assert as_sent(refusal(lambda: watch(narrow, "ann"))).reason == "OVERLOADED"
        watching[0].cancel()
        wait_for(lambda: watches_again(narrow, "ann"), "a watcher finds room beside the calls")
    assert [call.result(WITHIN).version for call in accepted] == [1, 1]
    for stream in watching:
        stream.cancel()


def watches_again(served: Served, who: str) -> bool:
    try:
        watch(served, who).cancel()
    except grpc.RpcError:
        return False
    return True


def test_one_caller_does_not_take_every_watch_stream(narrow: Served) -> None:
    mine = [watch(narrow), watch(narrow)]
    error = refusal(lambda: watch(narrow))
    assert as_sent(error).reason == "OVERLOADED"
    assert "of yours" in as_sent(error).message
    theirs = watch(narrow, "tom")
    mine[0].cancel()
    wait_for(lambda: watches_again(narrow, "zoe"), "the place is free again", within=WITHIN)
    for stream in (*mine, theirs):
        stream.cancel()


# How long.


def test_a_call_that_names_no_deadline_gets_one(served: Served, intake: Intake) -> None:
    left: list[float] = []

    def get(_request: object, _context: object) -> pb.GetEscalationResponse:
        call = current()
        assert call is not None
        left.append(call.ends_at - time.monotonic())
        return pb.GetEscalationResponse()

    intake.answers = {"GetEscalation": get}
    served.intake.GetEscalation(GET, metadata=served.as_(Role.PLATFORM))
    served.intake.GetEscalation(GET, metadata=served.as_(Role.PLATFORM), timeout=3600)
    served.intake.GetEscalation(GET, metadata=served.as_(Role.PLATFORM), timeout=3)
    assert [round(seconds) for seconds in left] == [LONGEST_CALL, LONGEST_CALL, 3]


def test_a_call_whose_time_is_over_before_a_thread_is_free_is_never_begun(tmp_path: Path) -> None:
    intake = Intake()
    with serving(
        tmp_path, intake, limits=Limits(others=Room(2, 0, 2), ours=NONE, watches=0)
    ) as served:
        never = threading.Event()
        slow: Any = served.channel.stream_unary("/amends.v1.IntakeService/OpenEscalation")
        held: list[Any] = []  # each takes a thread; two at once are let in, the rest come again

        def no_thread_is_left() -> bool:
            held[:] = [call for call in held if not call.done()]
            held.extend(slow.future(silent(never)) for _ in range(10 - len(held)))
            return ended(served) is grpc.StatusCode.DEADLINE_EXCEEDED

        wait_for(no_thread_is_left, "no thread is left", within=WITHIN)
        late = served.intake.GetEscalation.future(
            GET, metadata=served.as_(Role.PLATFORM), timeout=0.3
        )
        assert late.exception(timeout=WITHIN).code() is grpc.StatusCode.DEADLINE_EXCEEDED
        never.set()
        for call in held:
            call.cancel()
        wait_for(lambda: answers(served), "a later call is answered", within=WITHIN)
    assert {call.rpc for call in intake.calls} == {"ListEscalations"}


def answers(served: Served) -> bool:
    return ended(served) is grpc.StatusCode.OK


def ended(served: Served) -> grpc.StatusCode:
    try:
        served.intake.ListEscalations(
            pb.ListEscalationsRequest(), metadata=served.as_(Role.PLATFORM), timeout=1
        )
    except grpc.RpcError as error:
        failed: Any = error
        return failed.code()  # type: ignore[no-any-return]
    return grpc.StatusCode.OK


def test_a_call_that_waits_for_a_locked_row_ends_in_time_and_leaves_nothing(cast: Cast) -> None:
    routing, nobody_else_asks_for = cast.operator.routing, f"dm_{uuid.uuid4().hex[:12]}"
    entered = entry(nobody_else_asks_for)
    routing.UpdateDecisionMaker(entered)
    changed = entry(nobody_else_asks_for, seniority=7)
    url = cast.settings.database_url_for("routing").replace("+psycopg", "")
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as onlooker:
        holder.execute(
            "SELECT 1 FROM holders WHERE decision_maker = %s FOR UPDATE", [nobody_else_asks_for]
        )
        error: Any = refusal(lambda: routing.UpdateDecisionMaker(changed, timeout=1))
        assert error.code() in {
            grpc.StatusCode.DEADLINE_EXCEEDED,
            grpc.StatusCode.UNAVAILABLE,
        }
        wait_for(lambda: not waiting(onlooker), "nobody waits for the row", within=5)
        assert versions(cast, nobody_else_asks_for) == [1]
        holder.rollback()
    assert routing.UpdateDecisionMaker(changed).version == 2
    assert routing.UpdateDecisionMaker(changed).version == 2


def entry(decision_maker: str, seniority: int = 3) -> UpdateDecisionMakerRequest:
    """Somebody who may grant nothing, so that no case is routed to them."""
    return UpdateDecisionMakerRequest(
        request_id=new_request_id(),
        decision_maker=DecisionMaker(
            decision_maker_id=decision_maker,
            kind="DECISION_MAKER_KIND_PERSON",
            public_name="Nobody",
            subjects=[decision_maker],
            seniority=seniority,
            capacity=1,
        ),
        allow_missing=True,
    )


def waiting(onlooker: psycopg.Connection) -> int:
    """How many statements in this database wait for a lock."""
    [[found]] = onlooker.execute("""
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()
    """)
    return int(found)


def versions(cast: Cast, subject: str) -> list[int]:
    log = cast.workflow.logs["routing"]
    return [event.version for event in read_events(log, subject, metadata=cast.as_tenant())]


# What the tests ask of a server.


def raising(error: Exception) -> object:
    raise error


def silent(never: threading.Event) -> Iterator[bytes]:
    """What a client would send who says nothing."""
    never.wait(WITHIN * 2)
    yield from ()


def unended(never: threading.Event) -> Iterator[Any]:
    """What a client would send who asks once and then keeps silent."""
    yield reflection_pb2.ServerReflectionRequest(list_services="")
    never.wait(WITHIN * 2)


def assert_healthy(served: Served) -> None:
    stub: Any = health_pb2_grpc.HealthStub(served.channel)
    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=WITHIN)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def reflected(served: Served) -> list[str]:
    stub: Any = ServerReflectionStub(served.channel)
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    [answer] = stub.ServerReflectionInfo(asked, timeout=WITHIN)
    return [one.name for one in answer.list_services_response.service]


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def served(tmp_path: Path, intake: Intake) -> Iterator[Served]:
    with serving(tmp_path, intake, key=make_key()) as running:
        yield running
