"""What nobody can read raises an alarm that everybody sees, and nothing else waits for it."""

import asyncio
import re
import uuid
from dataclasses import replace

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from typer.testing import CliRunner

from amends.cli.app import app
from amends.eventstore.streams import case_stream
from amends.values.identity import EscalationId, Tenant
from deploy.demo.cast import Cast, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.stack import Stack
from tests.guarantees import wires


def test_a_case_has_an_alarm_that_operations_see_until_its_news_can_be_read(
    cast: Cast, stack: Stack
) -> None:
    """The wire brings bytes that are no AssignmentAccepted, before routing has said anything."""
    story, other = FootballShoes(cast), FootballShoes(cast)
    story.prepare()
    story.began = other.prepare()
    story.opens()
    story.is_assigned()
    spoil(story)
    wait_for(lambda: shown(story, "AmendsAlarm") == "INBOX_PARKED", "Temporal shows the alarm")
    all_three = ["INBOX_PARKED"] * 3
    wait_for(lambda: alarms(story) == all_three, "intake, resolution, follow-up cannot read it")
    assert re.search(r"INBOX_PARKED since .*; clears when", words_of(story))
    other.opens()
    other.is_assigned()
    story.accepts()
    wait_for(lambda: alarms(story) == [], "what routing really said is taken in")
    wait_for(lambda: shown(story, "AmendsAlarm") is None, "Temporal shows no alarm")
    wait_for(lambda: shown(story, "AmendsOwner") == "dm_maya", "the workflow knows the owner")


def spoil(story: FootballShoes) -> None:
    """Puts on the wire, as the next that routing says of the case, what is no event."""
    settings = story.cast.settings
    case = case_stream(Tenant(settings.tenant), EscalationId(story.escalation))
    [*_, last] = wires.said(settings, "routing", case)
    spoilt = replace(
        last,
        event_id=str(uuid.uuid4()),
        version=last.version + 1,
        type="amends.v1.AssignmentAccepted",
        data=b"\xff",
        prev_hash=None,  # else it would be no event at all: its hash is another's
    )
    wires.publish(settings.kafka_bootstrap, [spoilt])


def alarms(story: FootballShoes) -> list[str]:
    return [one.kind for one in story.case().alarms]


def shown(story: FootballShoes, attribute: str) -> object:
    """What operations see of the case in Temporal; None where they do not see it yet."""

    async def look() -> object:
        settings = story.cast.settings
        client = await Client.connect(
            settings.temporal_address, namespace=settings.temporal_namespace
        )
        try:
            run = await client.get_workflow_handle(f"escalation/{story.escalation}").describe()
        except RPCError as error:  # routing asks somebody before the run has begun
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return None
        return next(
            (
                pair.value
                for pair in run.typed_search_attributes.search_attributes
                if pair.key.name == attribute
            ),
            None,
        )

    return asyncio.run(look())


def words_of(story: FootballShoes) -> str:
    """What `amends show` says, on one line."""
    home = {"AMENDS_HOME": str(story.cast.settings.home)}
    ran = CliRunner().invoke(app, ["show", story.escalation], env=home)
    assert ran.exit_code == 0, ran.output
    return " ".join(ran.output.split())
