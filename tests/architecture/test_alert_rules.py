"""The alert rules ask only for what there is."""

import re
import shutil
import subprocess

import pytest

from deploy.local.home import CHECKOUT

RULES = CHECKOUT / "deploy" / "observing" / "alerts.yml"
PAGE = (CHECKOUT / "docs" / "observing.md").read_text()
_SUFFIX = re.compile(r"_(bucket|count|sum)$")


def test_every_metric_of_the_rules_stands_on_the_page() -> None:
    asked = set(re.findall(r"\b(?:amends|temporal)_\w+", RULES.read_text()))
    known = set(re.findall(r"`((?:amends|temporal)_\w+)`", PAGE))
    assert asked
    assert {_SUFFIX.sub("", name) for name in asked} <= known


def test_prometheus_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("there is no promtool here; Debian's package `prometheus` has it")
    checked = subprocess.run(
        [promtool, "check", "rules", str(RULES)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
