"""Owner, restater, holder, grantor: relations that the domain asks of whoever really calls.

Each refusal says who may, by public name, and what to do next.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.type import money_pb2

from amends.client import Caller, new_request_id
from amends.rpc.channel import Metadata
from amends.rpc.signing import SigningKey
from amends.rpc.status import as_sent
from amends.v1 import (
    intake_events_pb2,
    intake_service_pb2,
    resolution_events_pb2,
    resolution_service_pb2,
    routing_events_pb2,
    routing_service_pb2,
    types_pb2,
)
from amends.values.identity import Role
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from tests.guarantees.calling import bearer
from tests.scenario import events_of, unpack

Act = Callable[[Caller, FootballShoes, Metadata], object]
NONE: Metadata = ()


@pytest.fixture(scope="module")
def owned(cast: Cast) -> FootballShoes:
    """Maya owns the case and has said the problem back; nobody confirmed it yet."""
    story = FootballShoes(cast)
    story.prepare()
    story.opens()
    story.is_assigned()
    story.is_acknowledged()
    story.accepts()
    story.restates()
    wait_for(lambda: events_of(story, intake_events_pb2.ContextRecorded), "the context is found")
    return story


@pytest.fixture(scope="module")
def key(cast: Cast) -> SigningKey:
    assert cast.settings.signing_key_file is not None
    return SigningKey.read(cast.settings.signing_key_file)


def restate(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = intake_service_pb2.RestateProblemRequest(
        request_id=new_request_id(), escalation_id=story.escalation, words="The soles came off."
    )
    return who.intake.RestateProblem(request, metadata=more)


def suggest(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.SuggestRemediesRequest(escalation_id=story.escalation)
    return who.resolution.SuggestRemedies(request, metadata=more)


def offer(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    coupon = resolution_service_pb2.OfferedRemedy(
        kind=types_pb2.REMEDY_KIND_COUPON, amount=pounds(5)
    )
    request = resolution_service_pb2.MakeOfferRequest(
        request_id=new_request_id(),
        escalation_id=story.escalation,
        remedies=[coupon],
        explanation="A batch was glued badly.",
        apology="I am sorry.",
    )
    return who.resolution.MakeOffer(request, metadata=more)


def say(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.SendResponseRequest(
        request_id=new_request_id(),
        escalation_id=story.escalation,
        kind=resolution_events_pb2.RESPONSE_KIND_ANSWER,
        words="It is on its way.",
    )
    return who.resolution.SendResponse(request, metadata=more)


def promise(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.MakePromiseRequest(
        request_id=new_request_id(), escalation_id=story.escalation, what="A call tonight."
    )
    request.due_by.FromDatetime(story.cast.now() + timedelta(hours=3))
    return who.resolution.MakePromise(request, metadata=more)


def approve(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.ApproveOfferRequest(
        request_id=new_request_id(), escalation_id=story.escalation, offer_id=story.offer.offer_id
    )
    return who.resolution.ApproveOffer(request, metadata=more)


def reject(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.RejectOfferRequest(
        request_id=new_request_id(),
        escalation_id=story.escalation,
        offer_id=story.offer.offer_id,
        reason=resolution_events_pb2.REJECT_REASON_TOO_MUCH,
    )
    return who.resolution.RejectOffer(request, metadata=more)


def withdraw(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = resolution_service_pb2.WithdrawOfferRequest(
        request_id=new_request_id(), escalation_id=story.escalation, offer_id=story.offer.offer_id
    )
    return who.resolution.WithdrawOffer(request, metadata=more)


def accept(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = routing_service_pb2.AcceptAssignmentRequest(
        request_id=new_request_id(), assignment_id=story.assignment.assignment_id
    )
    return who.routing.AcceptAssignment(request, metadata=more)


def decline(who: Caller, story: FootballShoes, more: Metadata = NONE) -> object:
    request = routing_service_pb2.DeclineAssignmentRequest(
        request_id=new_request_id(),
        assignment_id=story.assignment.assignment_id,
        reason="END_OF_SHIFT",
    )
    return who.routing.DeclineAssignment(request, metadata=more)


OWNERS_ONLY = [restate, suggest, offer, say, promise]


def test_a_case_that_nobody_accepted_is_nobodys_and_only_who_is_asked_may_take_it(
    cast: Cast,
) -> None:
    story = FootballShoes(cast)
    story.prepare()
    story.opens()
    story.is_assigned()
    for act in (accept, decline):
        with refused("NOT_YOUR_ASSIGNMENT", holder="Maya") as said:
            act(cast.tom, story, NONE)
        assert "find what asks you with ListAssignments" in said()
    for act in OWNERS_ONLY:
        with refused("NOT_THE_OWNER", owner="") as said:
            act(cast.maya, story, NONE)
        assert "owned by nobody yet" in said()
        assert "accept its assignment first" in said()
    story.accepts()
    with refused("NOT_YOUR_ASSIGNMENT", holder="Maya"):
        accept(cast.tom, story)


@pytest.mark.parametrize("act", OWNERS_ONLY)
def test_only_the_owner_acts_for_the_case(act: Act, owned: FootballShoes) -> None:
    before = unpack(owned)
    for colleague in (owned.cast.tom, owned.cast.helen):
        with refused("NOT_THE_OWNER", owner="Maya") as said:
            act(colleague, owned, NONE)
        assert "owned by Maya" in said()
        assert "ask Maya to do it" in said()
        assert "maya" not in said()  # her subject
    assert unpack(owned) == before


@pytest.mark.parametrize("act", OWNERS_ONLY)
def test_nobody_speaks_as_the_owner_by_forwarding_her_token(
    act: Act, owned: FootballShoes, key: SigningKey
) -> None:
    maya = key.mint("maya", owned.cast.settings.tenant, [Role.DECISION_MAKER])
    with refused("NOT_THE_OWNER", owner="Maya"):
        act(owned.cast.tom, owned, (("amends-caller", maya),))


@pytest.fixture
def drafted(owned: FootballShoes) -> Iterator[FootballShoes]:
    """Maya would give a coupon of thirty pounds; her limit is twenty-five."""
    owned.offer = owned.makes_offer(
        resolution_service_pb2.OfferedRemedy(kind=types_pb2.REMEDY_KIND_COUPON, amount=pounds(30)),
        explanation="A batch was glued badly.",
        apology="I am sorry.",
    )
    assert owned.offer.state == resolution_service_pb2.OFFER_STATE_DRAFT
    yield owned
    withdraw(owned.cast.maya, owned)


@pytest.mark.parametrize("act", [approve, reject])
def test_the_maker_of_a_draft_does_not_decide_about_it_in_whatever_name(
    act: Act, drafted: FootballShoes, key: SigningKey
) -> None:
    before = unpack(drafted)
    helen = key.mint("helen", drafted.cast.settings.tenant, [Role.DECISION_MAKER])
    for more in (NONE, (("amends-caller", helen),)):
        with refused("SELF_APPROVAL", offer_id=drafted.offer.offer_id) as said:
            act(drafted.cast.maya, drafted, more)
        assert "have one of them do it" in said()
    assert unpack(drafted) == before


def test_only_a_holder_whose_authority_covers_a_draft_stands_in_for_it(
    drafted: FootballShoes, key: SigningKey
) -> None:
    with refused("AUTHORITY_EXCEEDED", asked="30.00 GBP"):
        approve(drafted.cast.tom, drafted)
    nobody = bearer(key.mint("zoe", drafted.cast.settings.tenant, [Role.DECISION_MAKER]))
    request = resolution_service_pb2.ApproveOfferRequest(
        request_id=new_request_id(),
        escalation_id=drafted.escalation,
        offer_id=drafted.offer.offer_id,
    )
    with refused("DECISION_MAKER_NOT_FOUND"):
        plain(drafted.cast, "resolution", "ResolutionService/ApproveOffer", request, nobody)
    with refused("NOT_THE_OWNER", owner="Maya"):
        withdraw(drafted.cast.helen, drafted)
    approve(drafted.cast.helen, drafted)
    for who in (drafted.cast.helen, drafted.cast.ravi):
        with refused("DECIDED_ALREADY", state="OPEN"):
            approve(who, drafted)


@pytest.mark.parametrize("person", ["", "tom"])
def test_a_service_has_no_authority_of_its_own_nor_of_a_colleague(
    person: str, owned: FootballShoes, key: SigningKey
) -> None:
    with refused("NOT_THE_OWNER", owner="Maya"):
        reserve(owned, key, person)


def test_a_service_reserves_the_authority_of_the_owner_for_whom_it_calls(
    owned: FootballShoes, key: SigningKey
) -> None:
    assert reserve(owned, key, "maya").decision_maker_id == "dm_maya"


@pytest.mark.parametrize(
    "roles", [[Role.PLATFORM], [Role.PLATFORM, Role.HANDLER, Role.DECISION_MAKER]]
)
def test_who_restated_the_problem_does_not_confirm_it(
    roles: list[Role], owned: FootballShoes, key: SigningKey
) -> None:
    before = unpack(owned)
    request = intake_service_pb2.ConfirmProblemRequest(
        request_id=new_request_id(),
        escalation_id=owned.escalation,
        restatement=1,
        evidence="recording/2211-0042",
    )
    maya = bearer(key.mint("maya", owned.cast.settings.tenant, roles))
    with refused("SELF_CONFIRMATION", restatement="1") as said:
        plain(owned.cast, "intake", "IntakeService/ConfirmProblem", request, maya)
    assert "the customer confirms it through somebody else" in said()
    assert unpack(owned) == before


def test_a_decision_maker_says_of_nobody_else_that_they_are_away(owned: FootballShoes) -> None:
    request = routing_service_pb2.SetAvailabilityRequest(
        request_id=new_request_id(), decision_maker_id="dm_maya", available=False
    )
    with refused("NOT_YOURSELF", decision_maker_id="dm_maya") as said:
        owned.cast.tom.routing.SetAvailability(request)
    assert "ask operations to say it" in said()


def test_operations_who_hold_authority_grant_no_more_than_that(
    owned: FootballShoes, key: SigningKey
) -> None:
    maya = bearer(key.mint("maya", owned.cast.settings.tenant, [Role.OPERATIONS]))
    for holder in ("dm_tom", "dm_maya"):
        request = routing_service_pb2.GrantAuthorityRequest(
            request_id=new_request_id(),
            decision_maker_id=holder,
            action=types_pb2.ACTION_RESHIP,
            per_case=pounds(201),
        )
        with refused("AUTHORITY_EXCEEDED", asked="201.00 GBP", held="200.00 GBP") as said:
            plain(owned.cast, "routing", "RoutingService/GrantAuthority", request, maya)
        assert "let operations grant it who have no entry" in said()


def test_a_subject_is_one_person_of_the_directory(owned: FootballShoes) -> None:
    entry = routing_service_pb2.DecisionMaker(
        decision_maker_id="dm_mayatoo",
        kind=routing_events_pb2.DECISION_MAKER_KIND_PERSON,
        public_name="Maya",
        subjects=["maya"],
        seniority=3,
        capacity=1,
    )
    request = routing_service_pb2.UpdateDecisionMakerRequest(
        request_id=new_request_id(), decision_maker=entry, allow_missing=True
    )
    with refused("SUBJECT_TAKEN", taken_by="dm_maya") as said:
        owned.cast.operator.routing.UpdateDecisionMaker(request)
    assert "change dm_maya" in said()


@contextmanager
def refused(reason: str, **values: str) -> Iterator[Callable[[], str]]:
    """The call inside is refused so; the message can be asked for behind it."""
    message = ""
    with pytest.raises(grpc.RpcError) as caught:
        yield lambda: message
    refusal = as_sent(caught.value)
    message = refusal.message
    assert refusal.reason == reason, refusal
    told: Mapping[str, str] = refusal.metadata
    assert {name: told[name] for name in values} == values


def reserve(
    story: FootballShoes, key: SigningKey, person: str
) -> routing_service_pb2.ReserveAuthorityResponse:
    """Resolution asks routing, for a person or for nobody."""
    tenant = story.cast.settings.tenant
    use = routing_events_pb2.AuthorityUse(
        remedy_id="rem_aaa", action=types_pb2.ACTION_GOODWILL, amount=pounds(5)
    )
    request = routing_service_pb2.ReserveAuthorityRequest(
        request_id=new_request_id(), escalation_id=story.escalation, uses=[use]
    )
    caller = key.mint(person, tenant, [Role.DECISION_MAKER]) if person else ""
    forwarded = (("amends-caller", caller),) if person else NONE
    return story.cast.workflow.routing.ReserveAuthority(
        request, metadata=(*story.cast.as_tenant(), *forwarded)
    )


def plain(cast: Cast, server: str, rpc: str, request: Message, who: Metadata) -> None:
    """Calls with nothing but these credentials."""
    with grpc.insecure_channel(cast.settings.addresses[server]) as channel:
        call: Any = channel.unary_unary(f"/amends.v1.{rpc}", type(request).SerializeToString)
        call(request, metadata=who, timeout=30)


def pounds(units: int) -> money_pb2.Money:
    return money_pb2.Money(currency_code="GBP", units=units)
