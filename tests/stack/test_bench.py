"""`make bench` in small: each figure is found, on a stack of its own."""

import dataclasses
import math
from pathlib import Path

import pytest
from rich.console import Console

from bench import report
from bench.__main__ import SECTIONS, measure
from bench.figures import Figure
from bench.sizes import SIZES

FIGURES = {
    "open-to-assigned": {
        "open_to_assigned_p50",
        "open_to_assigned_p95",
        "open_to_assigned_to_bare",
    },
    "lives": {"lives_per_second", "lives_to_bare", "cpu_per_life_intake", "cpu_to_bare"},
    "commands": {"commands_per_second_1_in_flight", "commands_per_second_16_in_flight"},
    "appends": {"appends_per_second_1_writers", "appends_per_second_16_writers"},
    "events": {"lag_alone_p50", "lag_beside_lives_p99", "events_to_read_model_per_second"},
    "memory": {"memory_own", "memory_growth", "memory_workflows"},
    "growth": {"throughput_with_closed_to_empty", "throughput_with_open_to_empty"},
}
_TINY = dataclasses.replace(
    SIZES["small"], rounds=1, warm_up=4, assigned=2, lives=4, closed_cases=20, open_cases=4
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    """One whole run."""
    home = tmp_path_factory.mktemp("bench")
    figures = measure(list(SECTIONS), _TINY, 7, Console(quiet=True), home)
    return {one.name: one for one in figures}


def test_every_section_has_its_figures(found: dict[str, Figure]) -> None:
    assert FIGURES.keys() == SECTIONS.keys()
    assert set().union(*FIGURES.values()) <= found.keys()


def test_every_figure_is_a_number_with_a_unit(found: dict[str, Figure]) -> None:
    assert all(math.isfinite(one.value) and one.unit for one in found.values())


def test_the_ratios_have_aims(found: dict[str, Figure]) -> None:
    named = {name for name, one in found.items() if one.aim is not None}
    assert {"open_to_assigned_to_bare", "lives_to_bare", "cpu_to_bare", "memory_own"} <= named


def test_the_figures_are_written_as_json(found: dict[str, Figure], tmp_path: Path) -> None:
    where = tmp_path / "results" / "latest.json"
    report.write(report.as_json(list(found.values()), {"seed": 7}), where)
    assert "open_to_assigned_p50" in where.read_text()
