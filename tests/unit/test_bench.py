"""The bench's own arithmetic: what it says of what it measured."""

import json

from bench import page, report, sections
from bench.bed import Beside, Used
from bench.figures import Aim, Figure, milliseconds, percentile


def test_percentiles_of_one_value_are_that_value() -> None:
    assert [percentile([0.2], percent) for percent in (50, 95, 99)] == [0.2, 0.2, 0.2]


def test_percentiles_lie_between_their_neighbours() -> None:
    values = [float(n) for n in range(101)]
    assert [percentile(values, percent) for percent in (50, 95, 99)] == [50, 95, 99]


def test_seconds_are_told_in_milliseconds() -> None:
    [half] = milliseconds("lag", [0.25], 50)
    assert (half.name, half.value, half.unit) == ("lag_p50", 250, "ms")


def test_an_aim_holds_at_its_ends() -> None:
    assert Aim(most=1.0).holds(1.0)
    assert not Aim(most=1.0).holds(1.01)
    assert Aim(least=0.5).holds(0.5)
    assert not Aim(least=0.5).holds(0.49)


def test_lives_a_second_are_those_of_all_rounds_together() -> None:
    slow, quick = Used(10, 10.0, {"intake": 1.0}), Used(10, 2.5, {"intake": 2.0})
    bare = Used(10, 1.25, {"intake": 0.0})
    assert sections.rate([slow, quick]) == 1.6
    assert sections.to_bare(Beside([slow, quick], [bare])) == 0.2


def test_the_cost_of_a_life_counts_the_stack_and_not_the_floor() -> None:
    used = Used(10, 1.0, {"intake": 1.0, "postgres": 0.5, "floor": 9.0})
    assert sections.own_cpu_ms([used]) == 150
    assert sections.own_parts({"intake": 90.0, "kafka": 300.0, "floor": 60.0}) == {"intake": 90.0}


def test_memory_that_stays_the_same_does_not_grow() -> None:
    assert sections.slope([(100, 590.0), (200, 590.0), (300, 590.0), (400, 590.0)]) == 0


def test_memory_that_was_measured_at_one_place_only_does_not_grow() -> None:
    assert sections.slope([(100, 590.0), (100, 600.0)]) == 0


def test_memory_grows_by_what_the_later_half_says() -> None:
    assert sections.slope([(0, 100.0), (100, 500.0), (200, 500.0), (300, 501.0)]) == 0.01


def test_the_json_has_environment_seed_and_each_figure_with_its_unit() -> None:
    found = [Figure("lives_to_bare", 0.25, "ratio of rates", Aim(least=0.5))]
    told = json.loads(report.as_json(found, {"seed": 7}))
    assert told["seed"] == 7
    assert {"cpu", "cores", "python", "packages", "commit"} <= told["environment"].keys()
    assert told["figures"]["lives_to_bare"] == {
        "value": 0.25,
        "unit": "ratio of rates",
        "aim": "at least 0.5",
        "holds": False,
    }


def test_the_page_says_of_each_aim_whether_it_holds() -> None:
    found = [Figure("lives_to_bare", 0.25, "ratio of rates", Aim(least=0.5))]
    run = json.loads(report.as_json(found, {"seed": 7, "size": "small"}))
    assert "| lives to bare | 0.25 ratio of rates | at least 0.5: no |" in page.table(run)
