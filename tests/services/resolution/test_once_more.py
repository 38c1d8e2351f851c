"""What is asked once more: an owner nobody had heard of, an offer that died on its way."""

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
