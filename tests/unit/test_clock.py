"""Business time is the database's, moved forward by the seconds in a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from amends import clock
from amends.clock import Clock, read_moved, write_moved

THEN = datetime(2026, 5, 2, 14, 10, tzinfo=UTC)
A_MOMENT = timedelta(seconds=5)


def test_it_is_the_database_s_time_whatever_this_machine_believes() -> None:
    asked = []

    def probe() -> datetime:
        asked.append(1)
        return THEN

    found = Clock(probe)
    assert timedelta() <= found.now() - THEN < A_MOMENT
    assert found.now() <= found.now()
    assert len(asked) == 1


def test_the_file_moves_it_forward_at_once(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    found = Clock(lambda: THEN, file)
    assert found.now() - THEN < A_MOMENT
    write_moved(file, 3600)
    assert timedelta(hours=1) <= found.now() - THEN < timedelta(hours=1) + A_MOMENT
    write_moved(file, 7200)
    assert timedelta(hours=2) <= found.now() - THEN < timedelta(hours=2) + A_MOMENT


def test_it_never_goes_back(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write_moved(file, 60)
    with pytest.raises(ValueError, match="never goes back"):
        write_moved(file, 59)
    found = Clock(lambda: THEN, file)
    assert found.now() - THEN >= timedelta(minutes=1)
    file.write_text("10", encoding="ascii")
    assert found.now() - THEN >= timedelta(minutes=1)
    file.unlink()
    assert found.now() - THEN >= timedelta(minutes=1)
    assert read_moved(file) == 0


def test_while_the_database_is_away_the_last_measurement_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [THEN]

    def probe() -> datetime:
        if answers:
            return answers.pop()
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(clock, "_MEASURE_EVERY", 0.0)
    found = Clock(probe)
    assert found.now() - THEN < A_MOMENT
    assert found.now() - THEN < A_MOMENT


def test_a_database_that_was_never_reached_is_a_fault() -> None:
    def probe() -> datetime:
        raise OperationalError("", {}, Exception())

    with pytest.raises(OperationalError):
        Clock(probe).now()


def test_without_a_database_it_is_this_machine_s_time() -> None:
    assert abs(Clock(None).now() - datetime.now(UTC)) < A_MOMENT
