"""docs/operations.md knows every alarm, and what stands there can be typed."""

import re
import shlex

import pytest
import typer.main

from amends.cli.app import app
from amends.eventstore.parking import INBOX_PARKED
from deploy.local.home import CHECKOUT
from services.routing.domain.assignment import NO_DECISION_MAKER
from workflows.deadlines import CLEARS_WHEN, OF_OTHERS

PAGE = (CHECKOUT / "docs" / "operations.md").read_text()
ROWS = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
TYPED = sorted(set(re.findall(r"`(amends [^`]+)`", PAGE.replace("\n", " "))))


def test_every_alarm_stands_in_the_table_with_what_clears_it() -> None:
    assert {alarm: clears for alarm, _, clears, _ in ROWS} == {**CLEARS_WHEN, **OF_OTHERS}
    assert {NO_DECISION_MAKER, INBOX_PARKED} == set(OF_OTHERS)


@pytest.mark.parametrize("alarm", [alarm for alarm, *_ in ROWS])
def test_every_alarm_says_what_it_means_and_what_to_do(alarm: str) -> None:
    [(means, does)] = [(means, does) for name, means, _, does in ROWS if name == alarm]
    assert min(len(means), len(does)) > len("to be done")


@pytest.mark.parametrize("line", TYPED)
def test_a_command_of_the_page_is_one_that_the_command_line_takes(line: str) -> None:
    """Parsed with all its options, and not run."""
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while words and isinstance(command, typer.core.TyperGroup):
        command = command.commands[words.pop(0)]
    command.make_context("amends", words)


def test_the_page_was_read() -> None:
    assert len(TYPED) > len(ROWS) / 2
