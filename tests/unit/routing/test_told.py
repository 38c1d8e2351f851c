"""A watcher who comes back is told each change once, in whatever order they commit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.values.refusal import InvalidField
from services.routing.domain.told import Change, Told

# What happens, in order: a transaction begins, the oldest or a later one commits, the watcher looks
# and hears so many of the news before the line is cut.
BEGIN, LOOK = "begin", "look"
STEPS = st.one_of(
    st.tuples(st.just(BEGIN), st.integers(1, 3)),
    st.tuples(st.just("commit"), st.integers(0, 5)),
    st.tuples(st.just(LOOK), st.integers(0, 4)),
)


class World:
    """Transactions in the order in which they began, and a watcher with a token."""

    def __init__(self) -> None:
        self.next = 100
        self.open: list[int] = []
        self.changes: dict[int, int] = {}
        self.visible: list[Change] = []
        self.token = Told(since=100, floor=100).token
        self.heard: list[Change] = []

    def begin(self, changes: int) -> None:
        self.open.append(self.next)
        self.changes[self.next] = changes
        self.next += 1

    def commit(self, which: int) -> None:
        if self.open:
            tx = self.open.pop(which % len(self.open))
            self.visible.extend((tx, f"asg_{number}") for number in range(self.changes[tx]))

    def look(self, patience: int) -> None:
        horizon = min(self.open, default=self.next)
        told = Told.at(self.token)
        found = sorted(one for one in self.visible if one[0] >= told.floor)
        for change, reached in list(told.news(found, horizon))[:patience]:
            self.heard.append(change)
            self.token = reached.token


@given(st.lists(STEPS, max_size=60))
def test_every_change_is_told_exactly_once(steps: list[tuple[str, int]]) -> None:
    world = World()
    for what, number in steps:
        if what == BEGIN:
            world.begin(number)
        elif what == LOOK:
            world.look(number)
        else:
            world.commit(number)
    while world.open:
        world.commit(0)
    world.look(1000)
    assert sorted(world.heard) == sorted(world.visible)


def test_a_watcher_who_stays_is_told_once_too() -> None:
    told = Told(since=7, floor=0)
    assert [change for change, _ in told.news([(3, "asg_a"), (9, "asg_b")], 7)] == [
        (3, "asg_a"),
        (9, "asg_b"),
    ]
    *_, (_, told) = told.news([(3, "asg_a"), (9, "asg_b")], 7)
    told = told.below(7)
    assert list(told.news([(9, "asg_b")], 7)) == []
    assert list(told.below(12).news([(9, "asg_b")], 12)) == []


def test_what_was_told_of_one_transaction_is_not_told_again_after_an_earlier_one() -> None:
    begun = Told(since=7, floor=0, part=(9, "asg_a"))
    found = [(8, "asg_c"), (9, "asg_a"), (9, "asg_b")]
    told = list(begun.news(found, 10))
    assert [change for change, _ in told] == [(9, "asg_b"), (8, "asg_c")]
    for _, reached in told[:-1]:
        assert (9, "asg_a") not in [change for change, _ in reached.news(found, 10)]
    assert list(told[-1][1].news(found, 10)) == []


def test_a_token_of_an_earlier_release_still_resumes() -> None:
    assert Told.at("815") == Told(since=815, floor=815)


@pytest.mark.parametrize("token", ["nonsense", "-1", "9" * 30, "1.2", "1.2.-", "1.2.3.4:", "٣"])
def test_a_token_that_is_none_of_ours_is_refused(token: str) -> None:
    with pytest.raises(InvalidField, match="watch_token must be one that this service gave"):
        Told.at(token)


def test_a_token_fits_its_field() -> None:
    busy = Told(
        since=10**17,
        floor=10**17,
        done=frozenset(range(2 * 10**17, 2 * 10**17 + 500)),
        part=(3 * 10**17, "asg_" + "x" * 26),
    )
    assert len(busy.token) <= 1000
    assert Told.at(busy.token).part == busy.part
