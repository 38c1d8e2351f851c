"""Runs follow-up: `python -m services.followup [all|serve|relay|consume|rebuild|migrate]`."""

import sys
from functools import partial

from amends.process import main
from amends.settings import Settings
from services.followup.bootstrap import NAME, build

if __name__ == "__main__":
    sys.exit(main(NAME, partial(build, Settings()), sys.argv[1:]))
