"""Runs the reference merchant: `python -m services.commerce [all|serve|migrate]`.

`python -m services.commerce seed --at 2026-11-21T15:10:00+00:00` makes the demo's shop stand as it
would at that moment.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from amends.clock import Clock
from amends.process import main
from amends.settings import Settings
from services.commerce.bootstrap import NAME, build, sow
from services.commerce.shop import OWED, PRESENT, SHOES, TENANT, Stories


def _moment(word: str) -> datetime:
    at = datetime.fromisoformat(word)
    if at.tzinfo is None:
        msg = f"{word} needs its offset, e.g. {word}+00:00"
        raise argparse.ArgumentTypeError(msg)
    return at


def _seed(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"python -m services.{NAME} seed")
    parser.add_argument("--at", type=_moment, help="RFC 3339; else now")
    parser.add_argument("--shoes", default=SHOES, help="the football shoes' order reference")
    parser.add_argument("--present", default=PRESENT, help="the birthday present's")
    parser.add_argument("--owed", default=OWED, help="that of the refund that never came")
    parser.add_argument("--tenant", default=TENANT, help="whose shop it is")
    named = parser.parse_args(arguments)
    stories = Stories(shoes=named.shoes, present=named.present, owed=named.owed)
    settings = Settings()
    sow(settings, named.at or Clock(None, settings.clock_file).now(), stories, named.tenant)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["seed"]:
        sys.exit(_seed(sys.argv[2:]))
    sys.exit(main(NAME, partial(build, Settings()), sys.argv[1:]))
