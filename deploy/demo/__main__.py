"""`make demo`: plays the cases C1, C3 and C4 on the running stack, step by step, live."""

import sys
import time

from amends.cli.casefile import show_case
from deploy.demo import telling
from deploy.demo.birthday import Birthday
from deploy.demo.cast import Cast, gather
from deploy.demo.football_shoes import FootballShoes
from deploy.demo.narrator import Narrator, console
from deploy.demo.not_credited import NotCredited
from deploy.local.home import default_home
from deploy.local.stack import Stack


def play(cast: Cast) -> NotCredited:
    """The three stories, one after the other; the last one."""
    say, last = Narrator(cast), NotCredited(cast)
    console.print("\nLondon time; the clock is moved.")
    telling.tell_football_shoes(FootballShoes(cast), say)
    telling.tell_birthday(Birthday(cast), say)
    telling.tell_not_credited(last, say)
    return last


def main() -> int:
    """Plays the stories on the stack of this checkout and says how to go on."""
    cast = gather(Stack.found(default_home()).env())
    began = time.perf_counter()
    try:
        story = play(cast)
        took = time.perf_counter() - began
        show_case(story.case())
    finally:
        cast.close()
    console.print(f"\nThe stories took {took:.1f} s. The stack goes on running:")
    page = telling.page(story)
    console.print(f"  the last case in the Temporal UI  {page}", soft_wrap=True)
    console.print(f"  the last case at the terminal     .venv/bin/amends show {story.escalation}")
    console.print("  every part                        make status, make logs")
    console.print("  stop it                           make down")
    return 0


if __name__ == "__main__":
    sys.exit(main())
