"""A set of positions, a bit for each."""

from amends.verify.bits import Bits


def of(*positions: int) -> Bits:
    found = Bits(40)
    for one in positions:
        found.add(one)
    return found


def test_it_holds_what_was_added_and_nothing_else() -> None:
    found = of(0, 7, 8, 40)
    assert list(found) == [0, 7, 8, 40]
    assert found.count() == 4
    assert 8 in found
    assert 9 not in found


def test_what_lies_beyond_its_last_is_left_out() -> None:
    found = of(400)
    assert list(found) == []
    assert 400 not in found


def test_what_another_has_is_taken_out() -> None:
    assert list(of(1, 2, 30).without(of(2, 3))) == [1, 30]
