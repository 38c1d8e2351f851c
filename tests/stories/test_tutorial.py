"""A newcomer takes C3 through by hand: every command of the tutorial, in its order."""

import pytest

from amends.cli import render
from amends.cli.exits import Exit
from deploy.demo.cast import Cast, wait_for
from deploy.local.home import CHECKOUT
from tests.stories.console import Step, Terminal, blocks, steps

PAGE = CHECKOUT / "docs" / "tutorial.md"
LOOKS = ("show", "queue", "list", "suggest", "directory list")
"""Commands that change nothing: a person types them again where the news is not there yet."""


@pytest.fixture
def terminal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """In the checkout, before a wide screen and a shop that is stocked as `make up` does it."""
    monkeypatch.setattr(render.console, "width", 200)
    cast.stock_shop(cast.now())
    monkeypatch.chdir(CHECKOUT)
    return Terminal(cast.environment)


def follows(terminal: Terminal, step: Step) -> None:
    """Types a command; what the page shows is what a person sees."""
    printed = terminal.type(step.typed)
    refused = any(line.startswith("refused: ") for line in step.shown)
    assert terminal.exit_code == (Exit.REFUSED if refused else Exit.DONE), (step, printed)
    if not step.is_shown_by(printed):
        assert step.typed.removeprefix("amends ").startswith(LOOKS), (step, printed)
        wait_for(lambda: step.is_shown_by(terminal.type(step.typed)), str(step))


def test_every_command_of_the_tutorial_does_what_the_page_says(terminal: Terminal) -> None:
    played = 0
    for _, block in blocks(PAGE.read_text(), "console"):
        for step in steps(block):
            follows(terminal, step)
            played += 1
    assert played > 25
