"""One case's trace is one tree, from the platform's call to the owner's yes."""

import re
import secrets
from collections import Counter

import pytest

from amends.client import MintedToken, new_request_id
from amends.v1 import routing_service_pb2
from amends.values.identity import Role
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from tests.stories.collector import Collector, Span

# Longer than what random ids hold by chance: three letters came once in some dozen runs.
_TOKEN = re.compile(rb"eyJ[\w-]{12}")
PLACES = {
    ("amends-intake", "amends.v1.IntakeService/OpenEscalation"),
    ("amends-intake", "publish intake.EscalationOpened"),
    ("amends-routing", "receive intake.EscalationOpened"),
    ("amends-resolution", "receive intake.EscalationOpened"),
    ("amends-followup", "receive intake.EscalationOpened"),
    ("amends-workflows", "receive intake.EscalationOpened"),
    ("amends-workflows", "SignalWithStartWorkflow:EscalationLifecycle"),
    ("amends-workflows", "RunWorkflow:EscalationLifecycle"),
    ("amends-resolution", "publish resolution.ResponseSent"),
    ("amends-workflows", "StartActivity:RecordContext"),
    ("amends-workflows", "RunActivity:RecordContext"),
    ("amends-intake", "amends.v1.IntakeService/RecordContext"),
    ("amends-routing", "publish routing.DecisionMakerAssigned"),
    ("amends-intake", "receive routing.DecisionMakerAssigned"),
    ("amends-routing", "amends.v1.RoutingService/AcceptAssignment"),
    ("amends-routing", "publish routing.AssignmentAccepted"),
    ("amends-workflows", "receive routing.AssignmentAccepted"),
    ("amends-workflows", "HandleSignal"),
}
"""By process and name: every process that the case goes through has its part."""


class Platform:
    """A caller who traces: every call of it names the same span as its parent."""

    def __init__(self) -> None:
        self.trace = secrets.token_hex(16)
        self.span = secrets.token_hex(8)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("traceparent", f"00-{self.trace}-{self.span}-01"),)


@pytest.fixture(scope="module")
def platform() -> Platform:
    return Platform()


@pytest.fixture(scope="module")
def story(cast: Cast, platform: Platform) -> FootballShoes:
    """A case that Maya has accepted; the platform and she were traced by their own program."""
    told = FootballShoes(cast)
    told.prepare()
    opened = cast.platform.intake.OpenEscalation(told.opening(), metadata=platform.metadata)
    told.escalation = opened.escalation_id
    told.is_assigned()
    cast.maya.routing.AcceptAssignment(
        routing_service_pb2.AcceptAssignmentRequest(
            request_id=new_request_id(), assignment_id=told.assignment.assignment_id
        ),
        metadata=platform.metadata,
    )
    return told


def places(spans: list[Span]) -> set[tuple[str, str]]:
    """A signal is named for the last of what came together."""
    return {
        (process, name.partition(":")[0] if name.startswith("HandleSignal:") else name)
        for process, name in (one.place for one in spans)
    }


def without_parent(spans: list[Span], root: str) -> list[Span]:
    known = {one.span for one in spans} | {root}
    return [one for one in spans if one.parent not in known]


def test_the_trace_of_a_case_is_one_tree(
    story: FootballShoes, platform: Platform, collector: Collector
) -> None:
    def is_whole(spans: list[Span]) -> bool:
        return places(spans) >= PLACES and not without_parent(spans, platform.span)

    spans = collector.trace(platform.trace, is_whole)
    assert PLACES - places(spans) == set()
    assert without_parent(spans, platform.span) == []
    assert [span for span, times in Counter(one.span for one in spans).items() if times > 1] == []
    assert Counter(one.name for one in spans if one.parent == platform.span) == {
        "amends.v1.IntakeService/OpenEscalation": 1,
        "amends.v1.RoutingService/AcceptAssignment": 1,
    }


def test_a_call_that_nobody_traces_begins_a_trace_of_its_own(
    cast: Cast, collector: Collector, platform: Platform
) -> None:
    """Its own span is the one root."""
    untraced = FootballShoes(cast)
    untraced.prepare()
    untraced.opens()
    untraced.is_assigned()
    begun = collector.begun("amends.v1.IntakeService/OpenEscalation", untraced.request_id)
    spans = collector.trace(
        begun.trace,
        lambda found: (
            ("amends-intake", "amends.v1.IntakeService/RecordContext")
            in {one.place for one in found}
            and not without_parent(found, "")
        ),
    )
    assert begun.trace != platform.trace
    assert [one.name for one in spans if not one.parent] == [begun.name]
    assert without_parent(spans, "") == []


def test_no_span_holds_a_word_or_a_token(
    story: FootballShoes, cast: Cast, collector: Collector
) -> None:
    """Nothing that any process of this stack ever sent."""
    opening = story.opening()
    told = collector.everything()
    assert story.escalation.encode() in told
    for secret in (opening.words, opening.customer, opening.order, "Bearer"):
        assert secret.encode() not in told, secret
    assert _TOKEN.search(told) is None
    assert _TOKEN.search(token(cast).encode()), "a token looks like that"


def token(cast: Cast) -> str:
    """One as the programs of this stack carry it."""
    key_file = cast.settings.signing_key_file
    assert key_file is not None
    return MintedToken(key_file, "desk", cast.settings.tenant, Role.PLATFORM)()
