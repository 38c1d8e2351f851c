"""A customer is acknowledged as soon as resolution hears of their case, without being told."""

import uuid
from datetime import timedelta

from tests.services.resolution.conftest import Resolution

_NOW = timedelta(0)


def test_a_customer_is_acknowledged_when_resolution_has_heard_of_the_case(
    resolution: Resolution,
) -> None:
    escalation = _opened(resolution, _NOW)
    assert types_of(resolution, escalation) == ["ResponseSent"]


def test_whoever_tells_it_to_acknowledge_finds_what_was_said(resolution: Resolution) -> None:
    escalation = _opened(resolution, _NOW)
    assert resolution.send(escalation, "ACKNOWLEDGEMENT").version == 1
    assert types_of(resolution, escalation) == ["ResponseSent"]


def test_an_opening_that_comes_twice_is_acknowledged_once(resolution: Resolution) -> None:
    escalation = _new()
    opened = resolution.opened(escalation, ago=_NOW)
    resolution.hear(opened)
    resolution.hear(opened)
    assert types_of(resolution, escalation) == ["ResponseSent"]


def test_a_case_that_is_heard_of_late_is_acknowledged_by_the_workflow(
    resolution: Resolution,
) -> None:
    escalation = _opened(resolution, timedelta(minutes=2))
    assert types_of(resolution, escalation) == []
    resolution.send(escalation, "ACKNOWLEDGEMENT")
    assert types_of(resolution, escalation) == ["ResponseSent"]


def _new() -> str:
    return f"esc_{uuid.uuid4().hex}"


def _opened(resolution: Resolution, ago: timedelta) -> str:
    escalation = _new()
    resolution.hear(resolution.opened(escalation, ago=ago))
    return escalation


def types_of(resolution: Resolution, escalation: str) -> list[str]:
    """What resolution said of the case."""
    return [each.type.removeprefix("amends.v1.") for each in resolution.events(escalation)]
