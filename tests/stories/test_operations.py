"""What operations see: the saved queries answer, and a case says what it waits for."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionDescription

from deploy.browser import scene
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import CHECKOUT
from tests.stories.saved_queries import BY_QUESTION, SAVED, Saved

_ROW = re.compile(r"^\| what .*\| `(.+)` \|$|^\| everything .*\| `(.+)` \|$", re.MULTILINE)


def readme_queries() -> list[str]:
    found = [
        first or second for first, second in _ROW.findall((CHECKOUT / "README.md").read_text())
    ]
    assert len(found) == 4
    return found


@pytest.fixture(scope="module")
def waiting(cast: Cast) -> Iterator[FootballShoes]:
    """A case that a partner brought, and that waits for Maya to accept."""
    story = scene.comes_by_a_partner(cast)
    yield story
    story.accepts()


@pytest.fixture(scope="module")
def overdue(waiting: FootballShoes) -> FootballShoes:
    """The same case, once Maya has accepted and an alarm stands; what follows sees it so."""
    scene.is_overdue(waiting)
    return waiting


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
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # a part replaced it meanwhile
            continue
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


SOON = "Which are due within the hour, or overdue"
ALWAYS = {
    SOON,
    "Everything of this partner",
    "Everything of this tenant",
    "Everything of this cause",
    "Which are urgent",
}
WHILE_WAITING = ALWAYS | {"Which wait for a decision-maker"}
ONCE_OVERDUE = ALWAYS | {
    "Which have an alarm",
    "Which have this alarm",
    "Everything of this owner",
}


@pytest.mark.parametrize("saved", SAVED, ids=[one.question for one in SAVED])
def test_a_saved_query_is_the_same_as_a_link_and_as_a_command(saved: Saved) -> None:
    typed = saved.command.removeprefix("temporal workflow list --query ")[1:-1].replace("'", '"')
    moment = re.compile(r'"(\$\(amends clock in 1h\)|[0-9TZ:-]+)"')
    assert moment.sub("MOMENT", typed) == moment.sub("MOMENT", saved.query)


def test_the_saved_queries_find_a_case_that_waits_for_a_decision_maker(
    waiting: FootballShoes,
) -> None:
    wait_for(lambda: finding(waiting) == WHILE_WAITING, "they find it")


def test_what_is_due_later_than_asked_is_not_found(waiting: FootballShoes) -> None:
    """By business time: the clock of the machine is days behind it."""
    within = BY_QUESTION[SOON].command
    assert waiting.escalation in typed(waiting.cast, within)
    assert waiting.escalation not in typed(waiting.cast, within.replace("1h", "1m"))


def test_the_saved_queries_find_a_case_that_has_an_alarm(overdue: FootballShoes) -> None:
    wait_for(lambda: finding(overdue) == ONCE_OVERDUE, "they find it")


def finding(story: FootballShoes) -> set[str]:
    """The questions whose answer has the case."""
    return {one.question for one in SAVED if story.escalation in typed(story.cast, one.command)}


def typed(cast: Cast, command: str) -> set[str]:
    """The cases that a command of the page lists, typed into a shell as it stands."""
    settings, programs = cast.settings, Path(sys.executable).parent
    ran = subprocess.run(
        ["bash", "-c", f"{command} --output json"],  # noqa: S607 - a person's shell
        env={
            **os.environ,
            **cast.environment,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(CHECKOUT),
            "TEMPORAL_ADDRESS": settings.temporal_address,
            "TEMPORAL_NAMESPACE": settings.temporal_namespace,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, f"{command}: {ran.stderr}"
    return {run["execution"]["workflowId"].split("/")[1] for run in json.loads(ran.stdout)}
