"""The README's snippet for platforms does what the README says, on a real stack."""

import os
import re
import subprocess
import sys

from amends.values.identity import Role
from deploy.demo.cast import Cast, token_for
from deploy.demo.football_shoes import FootballShoes
from deploy.local.home import CHECKOUT

_SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_snippet_opens_a_case_and_follows_it_until_somebody_is_asked(cast: Cast) -> None:
    FootballShoes(cast).prepare()
    [snippet] = _SNIPPET.findall((CHECKOUT / "README.md").read_text())
    token = token_for(cast.settings, "voice-desk", Role.PLATFORM)
    ran = subprocess.run(
        [sys.executable, "-c", snippet],
        env={**os.environ, **cast.environment, "AMENDS_TOKEN": token()},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Maya" in ran.stdout
