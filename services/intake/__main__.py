"""Runs intake: `python -m services.intake [all|serve|relay|consume|rebuild|migrate]`."""

import sys
from functools import partial

from amends.process import main
from amends.settings import Settings
from services.intake.bootstrap import NAME, build

if __name__ == "__main__":
    sys.exit(main(NAME, partial(build, Settings()), sys.argv[1:]))
