"""Every control can be tried as it is written: its guard is there once, its test is there."""

import pytest

from deploy.local.home import CHECKOUT
from tests.guarantees.controls import table
from tests.guarantees.controls.entries import Control, areas, problems

AREAS = areas()
CONTROLS = [control for area in AREAS for control in area.controls]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.promise)
def test_a_control_names_a_guard_and_a_test_that_exist(control: Control) -> None:
    assert problems(control) == []


def test_no_promise_is_listed_twice() -> None:
    promises = [control.promise for control in CONTROLS]
    assert sorted(set(promises)) == sorted(promises)


def test_the_page_of_guarantees_is_what_the_controls_say() -> None:
    written = table.FILE.read_text() if table.FILE.exists() else ""
    place = table.FILE.relative_to(CHECKOUT)
    assert written == table.page(AREAS), f"{place}: run python -m tests.guarantees.controls table"
