"""Runs resolution: `python -m services.resolution [all|serve|relay|consume|rebuild|migrate]`."""

import sys
from functools import partial

from amends.process import main
from amends.settings import Settings
from services.resolution.bootstrap import NAME, build

if __name__ == "__main__":
    sys.exit(main(NAME, partial(build, Settings()), sys.argv[1:]))
