"""Only what lies before the lowest unfinished offset is committed."""

from hypothesis import given
from hypothesis import strategies as st

from amends.kafka.progress import Progress


def test_nothing_is_committable_before_the_first_is_finished() -> None:
    progress = Progress(7)
    assert progress.committable() == 7
    for offset in (7, 8, 9):
        progress.began(offset)
    progress.finished(8)
    progress.finished(9)
    assert progress.committable() == 7
    progress.finished(7)
    assert progress.committable() == 10


def test_offsets_may_have_holes() -> None:
    progress = Progress(3)
    progress.began(3)
    progress.began(90)
    progress.finished(3)
    assert progress.committable() == 90
    progress.finished(90)
    assert progress.committable() == 91


@given(st.data())
def test_an_unfinished_offset_is_never_passed(data: st.DataObject) -> None:
    offsets = sorted(data.draw(st.sets(st.integers(0, 100), min_size=1)))
    finished = data.draw(st.permutations(offsets).map(lambda order: order[: len(order) // 2]))
    progress = Progress(offsets[0])
    for offset in offsets:
        progress.began(offset)
    for offset in finished:
        progress.finished(offset)
    left = set(offsets) - set(finished)
    assert progress.committable() == min(left, default=offsets[-1] + 1)
