"""`amends clock in`: the moments in which deadlines are asked for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amends.cli.app import app

DAYS = timedelta(days=6)


@pytest.mark.parametrize("moved", [True, False])
def test_it_is_business_time_as_queries_take_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moved: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(f"{DAYS.total_seconds()}\n")
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "nothing was started here"))
    if moved:
        monkeypatch.setenv("AMENDS_CLOCK_FILE", str(clock))
    ahead = timedelta(hours=1) + (DAYS if moved else timedelta(0))
    before = datetime.now(UTC).replace(microsecond=0)
    printed = CliRunner().invoke(app, ["clock", "in", "1h"]).stdout.strip()
    told = datetime.strptime(printed, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before + ahead <= told <= datetime.now(UTC) + ahead
