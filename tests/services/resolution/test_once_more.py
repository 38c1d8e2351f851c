"""What is asked once more: an owner nobody had heard of, an offer that died on its way."""

from datetime import datetime, timedelta

import grpc
import pytest

from amends.rpc.status import refusal_of
from amends.values.identity import Role
from services.resolution.handlers import reserved
from tests.services.resolution.conftest import Resolution, new_id, offer_request


def test_an_owner_whose_acceptance_was_not_heard_yet_may_speak(resolution: Resolution) -> None:
    escalation = f"esc_{new_id().replace('-', '')}"
    resolution.opened(escalation)
    resolution.accepted(escalation)
    said = resolution.send(escalation, "ANSWER", "Tonight.", Role.DECISION_MAKER, subject="maya")
    assert said.response_id


def test_an_offer_that_comes_too_late_after_its_reservation_is_none(
    resolution: Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    escalation = resolution.owned_case()
    monkeypatch.setattr(reserved, "_OFFER_WITHIN", 0.0)
    with pytest.raises(grpc.RpcError) as late:
        resolution.offer(escalation)
    assert refusal_of(late.value).reason == "DEPENDENCY_UNAVAILABLE"
    assert len(resolution.routing.asked) == 1
    assert resolution.types(escalation) == []


def test_a_repeated_offer_reserves_anew_only_where_its_price_has_changed(
    resolution: Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = offer_request(resolution.owned_case())
    with monkeypatch.context() as slow:
        slow.setattr(reserved, "_OFFER_WITHIN", 0.0)
        for resolution.merchant.courier in (1490, 1490, 1990):
            with pytest.raises(grpc.RpcError):
                resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")
    first, repeated, dearer = (asked.request_id for asked in resolution.routing.asked)
    assert first == repeated != dearer
    made = resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")
    assert made.offer_id


def test_what_an_earlier_attempt_set_aside_too_long_ago_is_never_named(
    resolution: Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Routing frees it after a minute: who names it then offers what nobody authorised."""
    request = offer_request(resolution.owned_case())
    now = resolution.routing.reserved_at
    first: dict[str, datetime] = {}

    def said_before() -> datetime:
        asked = resolution.routing.asked[-1].request_id
        return first.setdefault(asked, now())

    monkeypatch.setattr(resolution.routing, "reserved_at", said_before)
    with monkeypatch.context() as slow:
        slow.setattr(reserved, "_OFFER_WITHIN", 0.0)
        with pytest.raises(grpc.RpcError):
            resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")
    resolution.advance(timedelta(seconds=40))
    with pytest.raises(grpc.RpcError) as too_old:
        resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")
    assert refusal_of(too_old.value).reason == "DEPENDENCY_UNAVAILABLE"
    resolution.advance(timedelta(seconds=21))
    resolution.ask("MakeOffer", request, Role.DECISION_MAKER, subject="maya")
    *_, freed, anew = (asked.request_id for asked in resolution.routing.asked)
    assert freed == resolution.routing.asked[0].request_id
    assert anew != freed
