"""Whatever is wrong with a call is refused as the contract says, in every field of every RPC.

Generated from the contract and from the reflection of the running servers: an RPC or a field is
tried as soon as there is one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from amends.client import new_request_id
from amends.rpc.channel import OPTIONS
from amends.rpc.status import as_sent
from amends.v1 import followup_service_pb2, routing_service_pb2
from amends.values.identity import Role
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import CUSTOMER
from deploy.demo.story import instant
from deploy.local.stack import Stack
from tests.contract import rpcs
from tests.guarantees.desk import SAID
from tests.guarantees.examples import request_of
from tests.guarantees.filled import Known, caller_of, filled, known_of
from tests.guarantees.hostile import Hostile, hostile
from tests.guarantees.outcomes import Outcome, ask
from tests.guarantees.places import Place, places
from tests.guarantees.reflected import Reflected, rpcs_of
from tests.guarantees.shop import OTTO, RHEA, Shop, founded

T = TypeVar("T")
A = TypeVar("A")

TWENTY = 20
A_MOMENT = 0.3  # seconds until a stream is taken to have nothing to say
WORDS = f"{SAID}: \U0001f45f\u200d\u2620\ufe0f הנעליים קטנות مقاس خاطئ a\u0301 \u202e\u05ea"
TOO_LATE = {
    **dict.fromkeys(
        (
            "RecordContact",
            "RestateProblem",
            "ConfirmProblem",
            "HandOver",
            "TakeOver",
            "Deescalate",
            "ReserveAuthority",
            "MakeOffer",
            "MakePromise",
            "SendResponse",
            "ScheduleFollowUp",
        ),
        "ESCALATION_CLOSED",
    ),
    **dict.fromkeys(
        (
            "DeclineAssignment",
            "ApproveOffer",
            "RejectOffer",
            "WithdrawOffer",
            "AnswerOffer",
            "RecordFollowUp",
        ),
        "DECIDED_ALREADY",
    ),
    "KeepPromise": "PROMISE_SETTLED",
    "CompensateRemedy": "NOT_REPLACED",
}
"""What is refused once a case is closed; everything else is answered with what stands."""
FOUND_OUT = {"RecordContext", "RaiseAlarm", "ClearAlarm", "RecordDebrief"}
"""What programs may still find out about a closed case, and people learn from it."""
A_WHILE = timedelta(days=22)  # longer than a customer is left alone before they are asked


@pytest.fixture(scope="module")
def channels(cast: Cast) -> Iterator[Mapping[str, grpc.Channel]]:
    """One to each server, without the retries of our own clients."""
    addresses = cast.settings.addresses.items()
    plain = [one for one in OPTIONS if one[0] == "grpc.enable_http_proxy"]
    made = {name: grpc.insecure_channel(address, plain) for name, address in addresses}
    yield made
    for channel in made.values():
        channel.close()


@pytest.fixture(scope="module")
def served(cast: Cast) -> Mapping[str, list[Reflected]]:
    """Every RPC by its name, at each server that answers it."""
    found: dict[str, list[Reflected]] = {}
    for rpc in rpcs_of(cast.settings.addresses):
        found.setdefault(rpc.name, []).append(rpc)
    return found


@pytest.fixture(scope="module")
def shop(cast: Cast) -> Iterator[Shop]:
    with founded(cast, "refused") as shop:
        yield shop


@pytest.fixture(scope="module")
def over(shop: Shop) -> Known:
    """A case that was closed."""
    grant = shop.enter_directory()
    escalation = shop.open(customer=CUSTOMER, order=shop.order)
    assignment = shop.assigned(escalation)
    shop.accepted(assignment)
    shop.restated(escalation)
    shop.confirmed(escalation)
    offer = shop.offered(escalation)
    promise = shop.promised(escalation)
    shop.kept(escalation, promise)
    shop.answered(escalation, offer.offer_id)
    response = shop.told(escalation)
    shop.follow_up(escalation, followup_service_pb2.FOLLOW_UP_STATE_SCHEDULED)
    shop.cast.move_to(shop.cast.now() + A_WHILE)
    asked = shop.follow_up(escalation, followup_service_pb2.FOLLOW_UP_STATE_ASKED)
    shop.pleased(escalation)
    shop.closed(escalation)
    return known_of(
        shop,
        {
            "esc_": escalation,
            "asg_": assignment,
            "off_": offer.offer_id,
            "rem_": offer.remedies[0].remedy_id,
            "prm_": promise,
            "rsp_": response,
            "fup_": asked.follow_up_id,
            "grn_": grant,
        },
    )


@pytest.fixture(scope="module")
def going_on(shop: Shop, over: Known) -> Known:
    """A case that Rhea owns, with an offer that waits, and another that she hands over."""
    handed = shop.open()
    shop.accepted(shop.assigned(handed))
    hand_over = shop.handed_over(handed)
    return known_of(shop, {**over.ids, **_offered(shop), "hov_": hand_over})


@pytest.fixture(scope="module")
def elsewhere(cast: Cast, going_on: Known) -> Iterator[Known]:
    """The same of another tenant."""
    with founded(cast, "refusedtoo") as other:
        grant = other.enter_directory()
        handed = other.open()
        other.accepted(other.assigned(handed))
        hand_over = other.handed_over(handed)
        ids = {**_offered(other), "grn_": grant, "hov_": hand_over}
        found = known_of(other, {**ids, "customer": "", "sku": ""})
        yield found


def _offered(shop: Shop) -> dict[str, str]:
    escalation = shop.open(order=shop.order)
    assignment = shop.assigned(escalation)
    shop.accepted(assignment)
    shop.restated(escalation)
    shop.confirmed(escalation)
    offer = shop.offered(escalation)
    response = shop.told(escalation)
    return {
        "esc_": escalation,
        "asg_": assignment,
        "off_": offer.offer_id,
        "rem_": offer.remedies[0].remedy_id,
        "prm_": shop.promised(escalation),
        "rsp_": response,
    }


def test_every_rpc_that_a_server_answers_is_tried(served: Mapping[str, list[Reflected]]) -> None:
    assert set(served) <= {rpc.name for rpc in rpcs()}


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.name)
def test_whatever_is_wrong_is_refused_as_the_contract_says(  # noqa: PLR0913, PLR0917 - all of it
    rpc: MethodDescriptor,
    shop: Shop,
    going_on: Known,
    elsewhere: Known,
    served: Mapping[str, list[Reflected]],
    channels: Mapping[str, grpc.Channel],
) -> None:
    subjects = [one for one in (going_on.of("esc_"), going_on.of("dm_")) if one]
    before, cases = shop.said_by_us(*subjects), shop.cases()
    wrong = []
    for at in served.get(rpc.name, ()):
        request = filled(request_of(rpc), going_on)
        for attempt in hostile(rpc.name, request, elsewhere.of):
            metadata = shop.metadata(caller_of(at))
            outcome = ask(channels[at.server], at, attempt.data, metadata)
            wrong += [f"{attempt} of {at}: {why}" for why in _amiss(attempt, outcome)]
    assert wrong == []
    assert (shop.said_by_us(*subjects), shop.cases()) == (before, cases), "something half done"


def _amiss(attempt: Hostile, outcome: Outcome) -> Iterator[str]:
    """What is not as it must be in a refusal."""
    if (outcome.code, outcome.reason) != attempt.expected:
        yield f"{outcome.code.name} {outcome.reason}: {outcome.message}, fields {outcome.fields}"
        return
    if outcome.domain != "amends":
        yield f"of {outcome.domain}"
    if attempt.field and attempt.field not in outcome.fields:
        yield f"names {sorted(outcome.fields)}, not {attempt.field}"
    if SAID in outcome.told:
        yield f"repeats what somebody said: {outcome.told}"
    if ";" not in outcome.message and " must " not in outcome.message:
        yield f"names no next step: {outcome.message}"


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.name)
def test_whatever_people_write_is_no_wrong_field(
    rpc: MethodDescriptor,
    shop: Shop,
    going_on: Known,
    served: Mapping[str, list[Reflected]],
    channels: Mapping[str, grpc.Channel],
) -> None:
    """Emoji, right-to-left text and combining marks are words like any others."""
    for at in served.get(rpc.name, ()):
        request = filled(request_of(rpc), going_on)
        for place in said_in(request):
            place.put(request, WORDS[: place.rules.string.max_len])
            outcome = ask(
                channels[at.server],
                at,
                request.SerializeToString(),
                shop.metadata(caller_of(at)),
                listens=A_MOMENT,
            )
            assert outcome.is_of_the_contract, outcome
            assert place.name not in outcome.fields


def test_words_are_kept_as_they_were_said(shop: Shop, over: Known) -> None:
    escalation = shop.open(words=WORDS)
    assert shop.case_file(escalation).words == WORDS


def test_every_wrong_field_is_told_at_once(
    shop: Shop,
    over: Known,
    served: Mapping[str, list[Reflected]],
    channels: Mapping[str, grpc.Channel],
) -> None:
    [at] = served["OpenEscalation"]
    request = shop.opening(
        request_id="1",
        channel=99,
        words="",
        stake="\0",
        need_by={"occasion": "x" * 201},
        remedy_sought={"kinds": [99], "amount": {"currency_code": "USD", "nanos": 1}},
    )
    outcome = ask(
        channels[at.server], at, request.SerializeToString(), shop.metadata(Role.PLATFORM)
    )
    assert set(outcome.fields) == {
        "request_id",
        "channel",
        "words",
        "stake",
        "need_by.by",
        "need_by.occasion",
        "remedy_sought.kinds[0]",
        "remedy_sought.amount",
    }


def test_a_need_by_that_comes_twice_is_the_first_of_the_two(shop: Shop, over: Known) -> None:
    """When the clocks go back nobody is served an hour too late."""
    by = {"year": 2090, "month": 10, "day": 29, "hours": 1, "minutes": 30}
    twice = {"by": {**by, "time_zone": {"id": "Europe/London"}}}
    found = shop.case_file(shop.open(need_by=twice)).need_by
    assert instant(found.by) == datetime(2090, 10, 29, 0, 30, tzinfo=UTC)


def test_twenty_openings_at_once_are_one_case(shop: Shop, over: Known) -> None:
    customer = f"{SAID} {new_request_id()}"
    requests = [shop.opening(customer=customer) for _ in range(TWENTY)]
    answers = at_once(shop.caller(Role.PLATFORM).intake.OpenEscalation, requests)
    assert len({one.escalation_id for one in answers}) == 1
    assert [one.already_open for one in answers].count(False) == 1
    assert len(shop.case_file(answers[0].escalation_id).contacts) == TWENTY - 1


def test_twenty_repeats_of_one_opening_are_one_answer(shop: Shop, over: Known) -> None:
    request = shop.opening(customer=f"{SAID} {new_request_id()}")
    answers = at_once(shop.caller(Role.PLATFORM).intake.OpenEscalation, [request] * TWENTY)
    assert len({one.SerializeToString(deterministic=True) for one in answers}) == 1
    assert not shop.case_file(answers[0].escalation_id).contacts


def test_of_two_who_accept_at_once_one_owns_it(shop: Shop, over: Known) -> None:
    assignment = shop.assigned(shop.open())
    calls = [shop.caller(Role.DECISION_MAKER, who).routing.AcceptAssignment for who in (RHEA, OTTO)]
    outcomes = at_once(
        lambda call: accept(call, assignment),
        calls,
    )
    assert sorted(outcomes) == ["", "DECIDED_ALREADY"]


def test_who_accepts_twice_at_once_has_the_same_answer(shop: Shop, over: Known) -> None:
    assignment = shop.assigned(shop.open())
    answers = at_once(shop.accepted, [assignment] * 2)
    assert answers[0] == answers[1]


def _about_a_case() -> list[MethodDescriptor]:
    """Every RPC whose request names a case, or who was asked to take it."""
    return [
        rpc
        for rpc in rpcs()
        if {"esc_", "asg_"} & {place.id_prefix for place in places(request_of(rpc))}
    ]


@pytest.mark.parametrize("rpc", _about_a_case(), ids=lambda rpc: rpc.name)
def test_what_is_too_late_is_refused_or_answered_with_what_stands(
    rpc: MethodDescriptor,
    shop: Shop,
    over: Known,
    served: Mapping[str, list[Reflected]],
    channels: Mapping[str, grpc.Channel],
) -> None:
    """Nothing is said about a closed case but what programs find out about it."""
    before = shop.said_by_us(over.of("esc_"))
    request = filled(request_of(rpc), over)
    for at in served.get(rpc.name, ()):
        metadata = shop.metadata(caller_of(at))
        data = request.SerializeToString()
        outcome = ask(channels[at.server], at, data, metadata, listens=A_MOMENT)
        assert outcome.reason == TOO_LATE.get(rpc.name, "")
    if rpc.name not in FOUND_OUT:
        assert shop.said_by_us(over.of("esc_")) == before


def test_no_word_of_anybody_stands_in_any_log(shop: Shop, stack: Stack) -> None:
    told = [
        log.name for log in stack.home.logs.iterdir() if SAID in log.read_text(errors="replace")
    ]
    assert told == []


def said_in(request: Message) -> list[Place]:
    """Where people write."""
    return [place for place in places(request) if place.read(request) == SAID]


def at_once(call: Callable[[T], A], requests: Sequence[T]) -> list[A]:
    """What each is answered when all are sent at the same time."""
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(call, requests))


def accept(call: Any, assignment: str) -> str:  # noqa: ANN401 - a stub's call
    """Accepts; the reason where it is refused."""
    request = routing_service_pb2.AcceptAssignmentRequest(
        request_id=new_request_id(), assignment_id=assignment
    )
    try:
        call(request)
    except grpc.RpcError as error:
        return as_sent(error).reason
    return ""
