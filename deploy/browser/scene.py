"""A case that operations look at: brought by a partner, and waiting longer than it should."""

from dataclasses import replace
from datetime import timedelta

from amends.client import Caller
from amends.values.identity import Role
from deploy.demo.cast import Cast, token_for, wait_for
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.story import instant

PARTNER = "marketplace"


def comes_by_a_partner(cast: Cast) -> FootballShoes:
    """The football shoes, told to a partner's desk; it waits for Maya to accept."""
    story = FootballShoes(cast)
    story.prepare()
    token = token_for(cast.settings, PARTNER, Role.PARTNER)
    with Caller(cast.settings.addresses, token) as partner:
        story.cast = replace(cast, platform=partner)
        story.opens()
    story.cast = cast
    story.is_assigned()
    return story


def is_overdue(story: FootballShoes) -> None:
    """The customer is told; Maya accepts, and does not restate in time: an alarm stands."""
    story.is_acknowledged()
    accepted = story.accepts()
    story.cast.move_to(instant(accepted.restate_by) + timedelta(minutes=1))
    wait_for(lambda: story.case().alarms, f"an alarm stands at {story.escalation}")
