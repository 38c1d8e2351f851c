"""What operations see in the Temporal UI, in a real browser that talks to the stack alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.browser import chromium, scene
from deploy.browser.temporal_ui import TemporalUI, look
from deploy.demo.cast import Cast
from deploy.demo.football_shoes import FootballShoes
from tests.stories.saved_queries import BY_QUESTION

pytestmark = pytest.mark.skipif(
    not chromium.found(), reason="there is no Chromium: `make browser` installs it"
)


@pytest.fixture(scope="module")
def waiting(cast: Cast) -> FootballShoes:
    """A case that waits for Maya to accept, until a test goes on with it."""
    return scene.comes_by_a_partner(cast)


@pytest.fixture(scope="module")
async def ui(cast: Cast) -> AsyncIterator[TemporalUI]:
    async with look(cast.settings.temporal_ui, cast.settings.temporal_namespace) as page:
        yield page


async def test_the_list_filtered_by_a_search_attribute_shows_the_case(
    ui: TemporalUI, waiting: FootballShoes
) -> None:
    query = BY_QUESTION["Which wait for a decision-maker"].query
    row = await ui.lists(query, f"escalation/{waiting.escalation}")
    assert "RUNNING" in row.upper()
    assert "AmendsStage" in await ui.filters()
    assert ui.strangers == []


async def test_the_page_of_a_case_says_in_words_how_it_stands(
    ui: TemporalUI, waiting: FootballShoes
) -> None:
    await ui.opens(f"escalation/{waiting.escalation}")
    await ui.says("phone: damaged, priority 1")
    await ui.says("Waiting for Maya to accept, until 15:25 Sat.")
    await asyncio.to_thread(scene.is_overdue, waiting)
    await ui.says("Waiting for Maya to restate the problem, until")
    await ui.says("Owner: Maya")
    await ui.says("RESTATEMENT_OVERDUE; clears when the owner has restated the problem.")
    assert ui.strangers == []
