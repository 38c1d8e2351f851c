"""What a service says to what it was told: at once where it must, and never long after."""

from dataclasses import replace

import pytest

from amends.eventstore import following
from amends.eventstore.following import Following
from amends.eventstore.records import Envelope
from tests.kafka.events import said

_STIRS, _OTHER = "amends.v1.EscalationClosed", "amends.v1.ProblemRestated"


class Doing:
    """Counts how often it was done; raises where the world broke."""

    def __init__(self) -> None:
        self.times = 0
        self.broken = False

    def __call__(self) -> None:
        if self.broken:
            raise ConnectionError
        self.times += 1


def coming(kind: str) -> list[Envelope]:
    return [replace(said("esc_1", 1), type=kind)]


def test_it_is_done_after_what_makes_something_due_and_where_nothing_came() -> None:
    doing = Doing()
    follow = Following({_STIRS}, doing)
    follow(coming(_OTHER))
    assert doing.times == 1, "with the first batch"
    follow(coming(_OTHER))
    assert doing.times == 1
    follow(coming(_STIRS))
    assert doing.times == 2
    follow([])
    assert doing.times == 3


def test_it_is_done_again_after_a_while_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_LOOK_AGAIN", 0.0)
    doing = Doing()
    follow = Following({_STIRS}, doing)
    follow(coming(_OTHER))
    follow(coming(_OTHER))
    assert doing.times == 2


def test_what_could_not_be_done_is_done_with_the_same_again() -> None:
    doing = Doing()
    doing.broken = True
    follow = Following({_STIRS}, doing)
    with pytest.raises(ConnectionError):
        follow(coming(_OTHER))
    doing.broken = False
    follow(coming(_OTHER))
    assert doing.times == 1
