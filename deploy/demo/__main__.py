"""`make demo`: plays case C1 on the running stack, step by step, live."""

import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from amends.cli import render
from amends.cli.casefile import show_case
from amends.v1 import resolution_service_pb2
from deploy.demo.cast import LONDON, Cast, gather
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import default_home
from deploy.local.stack import Stack

T = TypeVar("T")

console = Console(highlight=False)
_WHO = 12  # columns


class Narrator:
    """Prints each step: the business time, who did what, how long it took."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def tell(self, who: str, what: str, step: Callable[[], T]) -> T:
        """Does the step and says it; what it gives is the next step's."""
        began = time.perf_counter()
        found = step()
        took = (time.perf_counter() - began) * 1000
        line = f"[dim]{wall(self._cast.now())}[/dim]  [bold]{who:<{_WHO}}[/bold] {what}"
        console.print(f"  {line}  [dim]({took:.0f} ms)[/dim]", soft_wrap=True)
        return found

    def note(self, line: str) -> None:
        """A line that belongs to the step above."""
        console.print(f"  {'':<16}  {'':<{_WHO}} [dim]{line}[/dim]", soft_wrap=True)


def wall(moment: datetime) -> str:
    """The moment on a London wall."""
    return moment.astimezone(LONDON).strftime("%a %d %b %H:%M")


def play(cast: Cast) -> FootballShoes:
    """C1 from the first call to the closed case."""
    story, say = FootballShoes(cast), Narrator(cast)
    console.print("\n[bold]C1, the football shoes[/bold]  (London time; the clock is moved)\n")
    say.tell("clock", "is moved to a Saturday afternoon; the shop opens", story.prepare)
    _is_heard(story, say)
    _is_understood(story, say)
    _is_made_right(story, say)
    _is_followed_up(story, say)
    return story


def _is_heard(story: FootballShoes, say: Narrator) -> None:
    say.tell("customer", "calls: soles coming off, kick-off tomorrow at ten", story.opens)
    say.note(f"the case is {story.escalation}: {_page(story)}")
    assignment = say.tell("routing", "goes straight to Maya, in one hop", story.is_assigned)
    say.note(f"{story.to_assignment * 1000:.0f} ms from the call to Maya's queue")
    for other in assignment.passed_over:
        say.note(f"not {other.public_name}: {other.detail}")
    say.tell("voice-desk", "tells the customer that it is heard, at once", story.is_acknowledged)
    say.tell("Maya", "accepts: the one owner from now on", story.accepts)


def _is_understood(story: FootballShoes, say: Narrator) -> None:
    say.tell("Maya", "says the problem back in her own words", story.restates)
    say.tell("customer", "confirms it; only now a remedy may be carried out", story.confirms)


def _is_made_right(story: FootballShoes, say: Narrator) -> None:
    found = say.tell("Maya", "asks what would arrive before kick-off", story.weighs)
    console.print(_quotes(found))
    say.tell("Maya", "offers a pair by courier today, and a coupon", story.offers)
    for exception in story.offer.remedies[0].exceptions:
        say.note(f"exception recorded: {exception.reason}, {render.money(exception.cost)}")
    say.tell("customer", "considers that fair", story.accepts_offer)
    say.tell("workflow", "orders the pair and issues the coupon", story.is_carried_out)
    say.tell("Maya", "writes the answer", story.answers)
    say.tell("voice-desk", "delivers the answer", story.is_answered)
    shipped = say.tell("clock", "an hour passes: the pair has left", story.ships)
    say.note(f"shipped {render.when(shipped.shipped_at, 'Europe/London')}, before the return")
    say.tell("clock", "evening: the pair is with the customer", story.arrives)
    say.tell("workflow", "resolves the case and schedules the question", story.is_resolved)


def _is_followed_up(story: FootballShoes, say: Narrator) -> None:
    say.tell("clock", "three weeks pass: the customer is asked", story.three_weeks_pass)
    say.tell("customer", "is pleased: played, and won", story.is_pleased)
    case = say.tell("follow-up", "closes the case", story.is_closed)
    console.print(f"\n  closed: [bold green]{case.outcome}[/bold green], {case.hops} hop\n")


def _quotes(found: resolution_service_pb2.SuggestRemediesResponse) -> Table:
    drawn = Table(box=None, padding=(0, 2), header_style="dim")
    drawn.add_column(" " * 12)
    for column in ("service", "arrives by", "in time", "costs", "exception"):
        drawn.add_column(column, no_wrap=True)
    for item in found.suggestions:
        if item.shipping.service:
            drawn.add_row(
                "",
                item.shipping.service,
                render.when(item.shipping.arrives_by, "Europe/London"),
                "yes" if item.in_time else "too late",
                render.money(item.cost),
                "yes" if item.exceptions else "",
            )
    return drawn


def _page(story: FootballShoes) -> str:
    settings = story.cast.settings
    place = f"namespaces/{settings.temporal_namespace}/workflows"
    return f"{settings.temporal_ui}/{place}/escalation%2F{story.escalation}"


def main() -> int:
    """Plays the story on the stack of this checkout and says how to go on."""
    cast = gather(Stack.found(default_home()).env())
    began = time.perf_counter()
    try:
        story = play(cast)
        took = time.perf_counter() - began
        show_case(story.case())
    finally:
        cast.close()
    console.print(f"\nThe story took {took:.1f} s. The stack goes on running:")
    console.print(f"  the case in the Temporal UI   {_page(story)}", soft_wrap=True)
    console.print(f"  the case at the terminal      .venv/bin/amends show {story.escalation}")
    console.print("  every part                    make status, make logs")
    console.print("  stop it                       make down")
    return 0


if __name__ == "__main__":
    sys.exit(main())
