"""Runs routing: `python -m services.routing [all|serve|relay|consume|rebuild|migrate]`."""

import sys
from functools import partial

from amends.process import main
from amends.settings import Settings
from services.routing.bootstrap import NAME, build

if __name__ == "__main__":
    sys.exit(main(NAME, partial(build, Settings()), sys.argv[1:]))
