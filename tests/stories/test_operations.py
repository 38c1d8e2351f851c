"""What operations see: the README's queries answer, and a case says what it waits for."""

import re
from collections.abc import Iterator

import pytest
from temporalio.client import Client, WorkflowExecutionDescription

from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import CHECKOUT

_ROW = re.compile(r"^\| what .*\| `(.+)` \|$|^\| everything .*\| `(.+)` \|$", re.MULTILINE)


def readme_queries() -> list[str]:
    found = [
        first or second for first, second in _ROW.findall((CHECKOUT / "README.md").read_text())
    ]
    assert len(found) == 4
    return found


@pytest.fixture(scope="module")
def waiting(cast: Cast) -> Iterator[FootballShoes]:
    """A case that waits for Maya to accept."""
    story = FootballShoes(cast)
    story.prepare()
    story.opens()
    story.is_assigned()
    yield story
    story.accepts()


async def temporal(cast: Cast) -> Client:
    return await Client.connect(
        cast.settings.temporal_address, namespace=cast.settings.temporal_namespace
    )


async def described(story: FootballShoes) -> WorkflowExecutionDescription:
    client = await temporal(story.cast)
    return await client.get_workflow_handle(f"escalation/{story.escalation}").describe()


@pytest.mark.parametrize("query", readme_queries())
async def test_each_query_of_the_readme_is_understood(cast: Cast, query: str) -> None:
    client = await temporal(cast)
    counted = await client.count_workflows(query)  # raises where an attribute is not known
    assert counted.count >= 0


async def test_what_waits_for_a_decision_maker_is_found_by_its_stage(
    waiting: FootballShoes,
) -> None:
    client = await temporal(waiting.cast)
    query = 'AmendsStage = "routing" AND AmendsCause = "damaged"'

    async def found() -> bool:
        runs = [run.id async for run in client.list_workflows(query)]
        return f"escalation/{waiting.escalation}" in runs

    for _ in range(100):
        if await found():
            return
    pytest.fail("the visibility store did not show the case")


async def test_the_case_says_in_words_what_it_waits_for(waiting: FootballShoes) -> None:
    found = await described(waiting)
    assert "damaged" in (await found.static_summary() or "")
    assert "sole-mates" in str(found.typed_search_attributes)


def test_no_word_of_the_customer_is_written_anywhere_in_clear(waiting: FootballShoes) -> None:
    """Words in no file of the stack at all; references in the merchant's own store only."""
    home = waiting.cast.settings.home
    files = [file for file in home.rglob("*") if file.is_file()]
    assert len(files) > 50
    words = [b"soles are coming off", b"Sunday league", b"one short already"]
    references = [b"C-1042", waiting.order.encode()]
    found = []
    for file in files:
        content = file.read_bytes()
        found += [(file.name, word) for word in words if word in content]
        if not file.is_relative_to(home / "data" / "postgres"):
            found += [(file.name, word) for word in references if word in content]
    assert found == []


def test_the_case_file_says_what_it_waits_for(waiting: FootballShoes) -> None:
    case = wait_for(
        lambda: found if (found := waiting.case()).waiting_for.startswith("for Maya") else None,
        "the case file says so",
    )
    assert case.waiting_for == "for Maya to accept"
    assert case.waiting_until.seconds
