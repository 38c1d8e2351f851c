"""Every snippet of the page for platforms, in its order, beside what the decision-maker types."""

from collections.abc import Callable

import pytest

from amends.values.identity import Role
from deploy.demo.cast import Cast, token_for
from deploy.local.home import CHECKOUT
from tests.stories.console import Terminal, blocks, steps

PAGE = CHECKOUT / "docs" / "platforms.md"
Runs = Callable[[str], dict[str, object]]


@pytest.fixture
def platform(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """A platform's program: each snippet goes on where the one before it ended."""
    token = token_for(cast.settings, "voice-desk", Role.PLATFORM)
    for name, value in {**cast.environment, "AMENDS_TOKEN": token()}.items():
        monkeypatch.setenv(name, value)
    cast.stock_shop(cast.now())
    cast.enter_directory()
    program: dict[str, object] = {"__name__": "platform"}

    def run(snippet: str) -> dict[str, object]:
        exec(compile(snippet, PAGE.name, "exec"), program)  # noqa: S102 - the page's own words
        return program

    return run


def test_every_snippet_for_platforms_does_what_the_page_says(
    cast: Cast, platform: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Terminal(cast.environment)
    for language, block in blocks(PAGE.read_text(), "python", "console"):
        if language == "python":
            desk.variables["CASE"] = str(platform(block).get("case", ""))
            continue
        for step in steps(block):
            printed = desk.type(step.typed)
            assert step.is_shown_by(printed), (step, printed)
            assert desk.exit_code == 0
    told = capsys.readouterr().out
    assert "Is this right? A slipper came with a stain" in told
    assert "RESPONSE_KIND_ANSWER The 10.00 are back on your account. Maya" in told
    assert "closed: happy" in told
