"""The inbox counts what was new to it and what it knew."""

from dataclasses import replace

import pytest

from amends.eventstore.inbox import Inbox
from amends.telemetry.metrics import REGISTRY
from tests.eventstore.world import Store, a_case, said


class Counts:
    """How far the counters have moved since the test began."""

    def __init__(self) -> None:
        self._before = self._now()

    def __call__(self) -> tuple[int, int]:
        """(taken in, known)."""
        return (self._now()[0] - self._before[0], self._now()[1] - self._before[1])

    @staticmethod
    def _now() -> tuple[int, int]:
        names = ("amends_inbox_received_total", "amends_inbox_duplicates_total")
        fresh, again = (REGISTRY.get_sample_value(name, {"source": "intake"}) for name in names)
        return int(fresh or 0), int(again or 0)


@pytest.fixture
def counts() -> Counts:
    return Counts()


def test_what_comes_again_is_counted_apart(store: Store, inbox: Inbox, counts: Counts) -> None:
    case = a_case()
    for _ in range(3):
        store.restate(case)
    told = said(store, case)
    inbox.receive(told)
    assert counts() == (3, 0)
    inbox.receive(told)
    assert counts() == (3, 3)


def test_what_comes_twice_in_one_batch_is_known_too(
    store: Store, inbox: Inbox, counts: Counts
) -> None:
    case = a_case()
    store.restate(case)
    inbox.receive([*said(store, case), *said(store, case)])
    assert counts() == (1, 1)


def test_what_is_behind_a_gap_counts_once_it_is_taken_in(
    store: Store, inbox: Inbox, counts: Counts
) -> None:
    """The gap is fetched from the owner's log."""
    case = a_case()
    for _ in range(3):
        store.restate(case)
    first, _, last = said(store, case)
    inbox.receive([first, last])
    fresh, known = counts()
    assert fresh == 3
    assert known <= 1  # what was fetched may have come with it


def test_what_cannot_be_read_counts_as_neither(store: Store, inbox: Inbox, counts: Counts) -> None:
    case = a_case()
    store.restate(case)
    [event] = said(store, case)
    inbox.receive([replace(event, data=b"\xff\xff")])
    assert counts() == (0, 0)
