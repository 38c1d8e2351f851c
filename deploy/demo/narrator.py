"""Tells a story while it is played: the business time, who did what, how long it took."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table

from amends.cli import render
from amends.v1 import resolution_service_pb2
from deploy.demo.cast import LONDON, Cast

T = TypeVar("T")

console = Console(highlight=False)
_WHO = 12  # columns
_ZONE = "Europe/London"


class Narrator:
    """Prints each step of a story as it is done."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def title(self, words: str) -> None:
        """The line above a story."""
        console.print(f"\n[bold]{words}[/bold]\n")

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

    def quotes(self, found: resolution_service_pb2.SuggestRemediesResponse) -> None:
        """What would arrive when, as a table."""
        drawn = Table(box=None, padding=(0, 2), header_style="dim")
        drawn.add_column(" " * 12)
        for column in ("service", "arrives by", "in time", "costs", "exception"):
            drawn.add_column(column, no_wrap=True)
        for item in found.suggestions:
            if item.shipping.service:
                drawn.add_row(
                    "",
                    item.shipping.service,
                    render.when(item.shipping.arrives_by, _ZONE),
                    "yes" if item.in_time else "too late",
                    render.money(item.cost),
                    "yes" if item.exceptions else "",
                )
        console.print(drawn)

    def reasons(self, found: Iterable[resolution_service_pb2.Suggestion]) -> None:
        """What else could be offered, and why, a line each."""
        for item in found:
            if not item.shipping.service:
                self.note(item.why)


def wall(moment: datetime) -> str:
    """The moment on a London wall."""
    return moment.astimezone(LONDON).strftime("%a %d %b %H:%M")


def at(stamp: Timestamp) -> str:
    """A timestamp in London, as people say it."""
    return render.when(stamp, _ZONE)
